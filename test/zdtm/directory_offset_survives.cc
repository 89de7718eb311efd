// Reading a directory goes on where it was: every name is seen once, half of them before the
// checkpoint and half after.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <set>

#include "zdtm.h"

namespace {

std::set<std::string> seen;

// Reads a few entries; false at the end.
bool read_some(int fd) {
    alignas(dirent64) char buffer[512];
    const long size = CHECK_SYS(syscall(SYS_getdents64, fd, buffer, sizeof(buffer)));
    for (long at = 0; at < size;) {
        const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
        CHECK(seen.insert(entry->d_name).second);
        at += entry->d_reclen;
    }
    return size > 0;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    CHECK_SYS(mkdir("many", 0755));
    for (int i = 0; i < 300; i++) {
        const std::string name = "many/entry-" + std::to_string(i);
        CHECK_SYS(close(CHECK_SYS(open(name.c_str(), O_CREAT | O_WRONLY, 0600))));
    }
    const int fd = CHECK_SYS(open("many", O_RDONLY | O_DIRECTORY));
    while (seen.size() < 150) {
        CHECK(read_some(fd));
    }
    const off_t offset = CHECK_SYS(lseek(fd, 0, SEEK_CUR));

    zdtm::checkpoint_here();

    CHECK_EQ(lseek(fd, 0, SEEK_CUR), offset);
    while (read_some(fd)) {
    }
    // With the entries of the directory itself and of its parent.
    CHECK_EQ(seen.size(), 302u);
    CHECK_SYS(faccessat(fd, "entry-0", F_OK, 0));
    zdtm::pass();
}
