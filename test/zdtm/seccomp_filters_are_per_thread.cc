// Each thread keeps its own seccomp filters: two with different ones, two without any.
#include "filter.h"
#include "threads.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::checkpoint_with_threads(
        4,
        [](int i) {
            if (i == 1 || i == 2) {
                zdtm::install_filter({SYS_getsid}, SECCOMP_RET_ERRNO | (100 + i));
            }
        },
        [](int i) {
            CHECK_EQ(zdtm::gives(SYS_getsid, 101), i == 1);
            CHECK_EQ(zdtm::gives(SYS_getsid, 102), i == 2);
            CHECK_EQ(zdtm::filters_of_thread(), i == 1 || i == 2 ? "1" : "0");
            CHECK_EQ(prctl(PR_GET_SECCOMP), i == 1 || i == 2 ? 2 : 0);
        });
    CHECK(syscall(SYS_getsid, 0) > 0);
    zdtm::pass();
}
