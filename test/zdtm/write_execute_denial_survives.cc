// A task that has forbidden itself to make written memory executable (PR_SET_MDWE) is restored with
// its code in place, and is still forbidden; its parent is not.
#include <sys/prctl.h>

#include "memory.h"

namespace {

constexpr int kSetMdwe = 65;  // PR_SET_MDWE, Linux 6.3
constexpr int kGetMdwe = 66;
constexpr int kRefuseExecGain = 1;
constexpr int kAll = PROT_READ | PROT_WRITE | PROT_EXEC;

bool allowed() {
    char* memory = zdtm::map_anon(zdtm::kPage);
    return mprotect(memory, zdtm::kPage, PROT_READ | PROT_EXEC) == 0 &&
           mmap(nullptr, zdtm::kPage, kAll, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    auto* shared = zdtm::Shared::make();
    if (prctl(kGetMdwe, 0, 0, 0, 0) == -1) {
        zdtm::skip("this kernel has no PR_SET_MDWE");
    }
    char* code = zdtm::map_anon(zdtm::kPage, MAP_PRIVATE, kAll);
    memcpy(code, "\xb8\x2a\x00\x00\x00\xc3", 6);  // mov eax, 42; ret
    const pid_t child = zdtm::fork_child([&] {
        CHECK_SYS(prctl(kSetMdwe, kRefuseExecGain, 0, 0, 0));
        shared->ready = 1;
        zdtm::wait_until([&] { return shared->go == 1; }, 600);
        CHECK_EQ(prctl(kGetMdwe, 0, 0, 0, 0), kRefuseExecGain);
        CHECK(!allowed());
        CHECK_EQ(reinterpret_cast<int (*)()>(reinterpret_cast<uintptr_t>(code))(), 42);
    });
    zdtm::wait_until([&] { return shared->ready == 1; });

    zdtm::checkpoint_here();

    CHECK_EQ(prctl(kGetMdwe, 0, 0, 0, 0), 0);
    CHECK(allowed());
    shared->go = 1;
    zdtm::expect_exit(child);
    zdtm::pass();
}
