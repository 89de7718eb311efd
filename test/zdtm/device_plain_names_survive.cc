// Devices whose open files hold nothing are opened again by name: of the machine's own, those that
// are there.
#include <fcntl.h>
#include <sys/stat.h>

#include <vector>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::vector<std::pair<int, dev_t>> devices;
    for (const char* name : {"/dev/loop-control", "/dev/kvm", "/dev/hwrng", "/dev/userfaultfd",
                             "/dev/btrfs-control", "/dev/vsock", "/dev/cpu/0/cpuid"}) {
        const int fd = open(name, O_RDONLY | O_NONBLOCK);
        struct stat st = {};
        if (fd != -1) {
            CHECK_SYS(fstat(fd, &st));
            devices.emplace_back(fd, st.st_rdev);
        }
    }
    const int log = open("/dev/kmsg", O_WRONLY);
    if (devices.empty()) {
        zdtm::skip("none of these devices is here");
    }

    zdtm::checkpoint_here();

    for (const auto& [fd, device] : devices) {
        struct stat st = {};
        CHECK_SYS(fstat(fd, &st));
        CHECK_EQ(st.st_rdev, device);
        CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    }
    CHECK(log == -1 || (fcntl(log, F_GETFL) & O_ACCMODE) == O_WRONLY);
    zdtm::pass();
}
