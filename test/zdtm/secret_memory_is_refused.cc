// Secret memory (memfd_secret) cannot be read by anybody else; a dump says so and leaves the task
// as it was.
#include <sys/syscall.h>

#include "memory.h"

namespace {

constexpr long kMemfdSecret = 447;  // Linux 5.14

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const long fd = syscall(kMemfdSecret, 0);
    if (fd == -1) {
        zdtm::skip("this kernel has no secret memory");
    }
    CHECK_SYS(ftruncate(static_cast<int>(fd), zdtm::kPage));
    const int protection = PROT_READ | PROT_WRITE;
    void* raw = mmap(nullptr, zdtm::kPage, protection, MAP_SHARED, static_cast<int>(fd), 0);
    auto* memory = static_cast<char*>(CHECK_SYS(raw));
    CHECK_SYS(close(static_cast<int>(fd)));
    zdtm::fill(memory, zdtm::kPage, 1);

    zdtm::checkpoint_here();

    CHECK(zdtm::holds(memory, zdtm::kPage, 1));
    zdtm::pass();
}
