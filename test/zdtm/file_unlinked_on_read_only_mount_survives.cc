// A file that was opened through a read-only mount, and deleted by another way, keeps its content.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "outsider.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(mkdir("mounted", 0755));
    if (mount(".", "mounted", nullptr, MS_BIND, nullptr) == -1) {
        zdtm::skip("nothing can be mounted");
    }
    const zdtm::Outsider cleaner([] {
        zdtm::hold();
        umount2(zdtm::path("mounted").c_str(), MNT_DETACH);
    });
    CHECK_SYS(mount(nullptr, "mounted", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr));
    const int writer = CHECK_SYS(open("file", O_WRONLY | O_CREAT | O_EXCL, 0604));
    CHECK_EQ(write(writer, "content", 7), 7);
    CHECK_SYS(close(writer));
    const int fd = CHECK_SYS(open("mounted/file", O_RDONLY));
    CHECK_SYS(unlink("file"));

    zdtm::checkpoint_here();

    char text[8] = {};
    CHECK_EQ(read(fd, text, sizeof text), 7);
    CHECK_EQ(std::string(text), std::string("content"));
    struct stat st = {};
    CHECK_SYS(fstat(fd, &st));
    CHECK_EQ(st.st_nlink, 0u);
    CHECK_EQ(st.st_mode, S_IFREG | 0604u);
    CHECK(open("mounted/new", O_WRONLY | O_CREAT, 0644) == -1 && errno == EROFS);
    CHECK_SYS(umount2("mounted", MNT_DETACH));
    zdtm::pass();
}
