// A terminal, System V objects, locks and files without a name of the target: see objects.h.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "objects.h"
#include "pty.h"
#include "sysv.h"

namespace target {
namespace {

// Typed and not read; written and not read.
Object terminal() {
    const zdtm::Pty pty = zdtm::open_pty();
    zdtm::change_termios(pty.slave, [](termios& settings) {
        settings.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    });
    const auto fill = [pty] {
        zdtm::type(pty.master, "typed\nhalf a line");
        zdtm::type(pty.slave, "shown");
    };
    fill();
    return {"terminal", [pty, fill] {
                CHECK_EQ(zdtm::read_bytes(pty.slave, 6), "typed\n");
                zdtm::type(pty.master, "\n");
                CHECK_EQ(zdtm::read_bytes(pty.slave, 12), "half a line\n");
                CHECK_EQ(zdtm::read_bytes(pty.master, 5), "shown");
                CHECK_EQ(zdtm::ready(pty.master, POLLIN), 0);
                fill();
            }};
}

// They stay in the kernel when the target is killed: the file `forget` says how to remove them.
Object system_v_objects() {
    const int queue = CHECK_SYS(msgget(zdtm::test_key(0), IPC_CREAT | IPC_EXCL | 0600));
    zdtm::forget("-q", queue);
    const int set = CHECK_SYS(semget(zdtm::test_key(1), 1, IPC_CREAT | IPC_EXCL | 0600));
    zdtm::forget("-s", set);
    const int segment = CHECK_SYS(shmget(IPC_PRIVATE, 8192, 0600));
    char* memory = zdtm::attach(segment);
    CHECK_SYS(shmctl(segment, IPC_RMID, nullptr));
    zdtm::sem_do(set, {zdtm::sem_op(0, 5)});
    const auto fill = [queue, memory](char value) {
        zdtm::send(queue, 3, "three");
        zdtm::send(queue, 1, "one");
        memory[4096] = value;
    };
    fill(0);
    return {"system v", [queue, set, memory, fill, value = char()]() mutable {
                CHECK_EQ(zdtm::receive(queue), "3:three");
                CHECK_EQ(zdtm::receive(queue), "1:one");
                CHECK_EQ(zdtm::queue_info(queue).msg_qnum, 0u);
                zdtm::sem_do(set, {zdtm::sem_op(0, -5), zdtm::sem_op(0, 0), zdtm::sem_op(0, 5)});
                CHECK_EQ(memory[4096], value);
                fill(++value);
            }};
}

int make_file(const char* name) {
    return CHECK_SYS(open(name, O_CREAT | O_RDWR | O_CLOEXEC, 0644));
}

// Asked by descriptors of their own, as somebody else would.
Object locks() {
    const int whole = make_file("whole");
    CHECK_SYS(flock(whole, LOCK_EX));
    const int part = make_file("part");

    struct flock lock {};

    lock.l_type = F_WRLCK;
    lock.l_start = 3;
    lock.l_len = 4;
    CHECK_SYS(fcntl(part, F_SETLK, &lock));
    const int leased = make_file("leased");
    CHECK_SYS(fcntl(leased, F_SETLEASE, F_WRLCK));
    return {"locks", [leased, lock, other_whole = make_file("whole"),
                      other_part = CHECK_SYS(fcntl(part, F_DUPFD_CLOEXEC, 0))] {
                CHECK(flock(other_whole, LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK);
                struct flock found = lock;
                CHECK_SYS(fcntl(other_part, F_OFD_GETLK, &found));
                CHECK_EQ(found.l_type, F_WRLCK);
                CHECK_EQ(found.l_pid, getpid());
                CHECK_EQ(found.l_len, 4);
                CHECK_EQ(fcntl(leased, F_GETLEASE), F_WRLCK);
            }};
}

// A restore makes them under names that it takes away again.
Object files_without_name() {
    const int file = make_file("gone");
    CHECK_EQ(pwrite(file, "content", 7, 0), 7);
    CHECK_SYS(unlink("gone"));
    CHECK_SYS(mkfifo("gone", 0600));
    const int fifo = CHECK_SYS(open("gone", O_RDWR | O_NONBLOCK | O_CLOEXEC));
    CHECK_SYS(unlink("gone"));
    CHECK_EQ(write(fifo, "unread", 6), 6);
    CHECK_SYS(mkdir("gone", 0700));
    const int directory = CHECK_SYS(open("gone", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    CHECK_SYS(rmdir("gone"));
    return {"files without a name", [file, fifo, directory] {
                char text[16] = {};
                CHECK_EQ(pread(file, text, sizeof text, 0), 7);
                CHECK_EQ(std::string(text), "content");
                CHECK_EQ(read(fifo, text, sizeof text), 6);
                CHECK_EQ(write(fifo, text, 6), 6);
                struct stat status {};
                CHECK_SYS(fstat(directory, &status));
                CHECK_EQ(status.st_nlink, 0u);
            }};
}

Object watched_file() {
    const int watches = CHECK_SYS(inotify_init1(IN_CLOEXEC));
    const int file = make_file("watched");
    CHECK_SYS(inotify_add_watch(watches, "watched", IN_ATTRIB));
    return {"inotify", [watches, file] {
                CHECK_SYS(fchmod(file, 0600));
                inotify_event event{};
                CHECK_EQ(read(watches, &event, sizeof event), static_cast<ssize_t>(sizeof event));
                CHECK_EQ(event.mask, static_cast<uint32_t>(IN_ATTRIB));
                CHECK_EQ(event.wd, 1);
            }};
}

}  // namespace

std::vector<Object> make_terminals_and_files() {
    return {terminal(), system_v_objects(), locks(), files_without_name(), watched_file()};
}

}  // namespace target
