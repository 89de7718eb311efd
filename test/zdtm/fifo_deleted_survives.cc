// FIFOs that have lost their names: both ends in different tasks, one open for both directions;
// unread data, mode and owner.
#include "fifo.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    for (const char* name : {"between", "own"})
        CHECK_SYS(mkfifo(name, 0600));
    CHECK_SYS(chmod("own", 0640));
    CHECK_SYS(chown("own", 12, 34));
    const int own = CHECK_SYS(open("own", O_RDWR));
    CHECK_EQ(write(own, "kept", 4), 4);
    const pid_t child = zdtm::fork_reader(gate, "between", "unread");
    const int writer = CHECK_SYS(open("between", O_WRONLY));
    CHECK_EQ(write(writer, "unread", 6), 6);
    gate->expect(1);
    for (const char* name : {"between", "own"})
        CHECK_SYS(unlink(name));

    zdtm::checkpoint_here();

    for (const char* name : {"between", "own"})
        CHECK(access(name, F_OK) == -1 && errno == ENOENT);

    struct stat st {};

    CHECK_SYS(fstat(own, &st));
    CHECK(S_ISFIFO(st.st_mode));
    CHECK_EQ(st.st_mode & 07777, 0640u);
    CHECK_EQ(st.st_uid, 12u);
    CHECK_EQ(st.st_gid, 34u);
    CHECK_EQ(st.st_nlink, 0u);
    zdtm::expect_read(own, "kept");
    CHECK_SYS(close(writer));
    gate->open();
    zdtm::expect_exit(child);
    zdtm::pass();
}
