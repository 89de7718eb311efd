// Files whose names are hard to read in /proc: really named "... (deleted)", with line ends,
// backslashes, bytes that are no UTF-8, and as long as names get; one of them is mapped as well.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <vector>

#include "zdtm.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const std::vector<std::string> names = {"note (deleted)",          "two\nlines",
                                            "back\\012slash \xff\xc3", " ",
                                            std::string(255, 'n'),     "pipe:[123]"};
    std::vector<int> files;
    std::vector<ino_t> inodes;
    struct stat st = {};
    for (const std::string& name : names) {
        files.push_back(CHECK_SYS(open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600)));
        CHECK_EQ(write(files.back(), name.data(), name.size()), name.size());
        CHECK_SYS(fstat(files.back(), &st));
        inodes.push_back(st.st_ino);
    }
    const char* mapped[3];
    for (int i = 0; i < 3; i++) {
        mapped[i] = static_cast<const char*>(
            CHECK_SYS(mmap(nullptr, 4'096, PROT_READ, MAP_SHARED, files[i], 0)));
    }

    zdtm::checkpoint_here();

    for (size_t i = 0; i < names.size(); i++) {
        CHECK_SYS(fstat(files[i], &st));
        CHECK_EQ(st.st_ino, inodes[i]);
        CHECK_EQ(lseek(files[i], 0, SEEK_CUR), names[i].size());
        CHECK_EQ(zdtm::read_file(names[i]), names[i]);
    }
    for (int i = 0; i < 3; i++) {
        CHECK_EQ(std::string(mapped[i], names[i].size()), names[i]);
    }
    zdtm::pass();
}
