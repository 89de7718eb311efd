// The target of the fault tests: a small tree whose threads sit in system calls of every kind,
// each again and again or for ever. It counts the calls that end well, and those that end with an
// EINTR or too early: whatever is done to it from outside, it must not see one. Other threads each
// use an object of the kernel that must be as they left it (objects.h).
//
// target DIR: DIR/board tells of its threads (board.h). It runs until it is killed.
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <thread>
#include <vector>

#include "board.h"
#include "message_queues.h"
#include "narrow.h"
#include "objects.h"
#include "zdtm.h"

namespace {

using target::Board;
using target::Slot;

constexpr int64_t kMs = 1'000'000;
Board* board;
uint64_t used_slots;
int never[2];             // a pipe that nobody writes to
std::vector<int> pinged;  // descriptors that the pinger writes eight bytes to
std::atomic<uint32_t> futex_word;
std::atomic<uint32_t> quiet_word;

[[noreturn]] void die(const char* what) {
    perror(what);
    _exit(1);
}

int check(int result, const char* what) {
    if (result == -1) {
        die(what);
    }
    return result;
}

int64_t now() {
    timespec time = {};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

timespec span(int64_t ns) {
    return {ns / 1'000'000'000, ns % 1'000'000'000};
}

long futex(std::atomic<uint32_t>& word, int op, uint32_t value, const timespec* timeout) {
    return syscall(SYS_futex, &word, op, value, timeout, nullptr, FUTEX_BITSET_MATCH_ANY);
}

// The reading end of a pipe or the descriptor given, kept supplied by the pinger.
int supplied_pipe() {
    int fds[2];
    check(pipe(fds), "pipe");
    pinged.push_back(fds[1]);
    return fds[0];
}

// A call gives true when it ended as it should; errno tells of other ends.
void run(Slot* slot, const std::function<bool()>& call) {
    while (true) {
        errno = 0;
        if (call()) {
            slot->loops++;
        } else if (errno == EINTR) {
            slot->eintr++;
        } else {
            slot->wrong++;
        }
    }
}

Slot* claim(const char* name, bool endless) {
    Slot* slot = &board->slot[used_slots++];
    snprintf(slot->name, sizeof(slot->name), "%s", name);
    slot->endless = endless ? 1 : 0;
    return slot;
}

void add(const char* name, bool endless, std::function<bool()> call) {
    std::thread(run, claim(name, endless), std::move(call)).detach();
}

// A call that must not end before its time, whatever its way to say that the time is over.
void add_timed(const char* name, int64_t ns, std::function<bool(int64_t)> call) {
    add(name, false, [ns, call = std::move(call)] {
        const int64_t start = now();
        return call(ns) && now() - start >= ns;
    });
}

bool take(int fd) {
    char bytes[8];
    return read(fd, bytes, sizeof(bytes)) == sizeof(bytes);
}

bool pause_for_ever() {
    return pause() == 0;
}

void add_sleepers() {
    add_timed("nanosleep", 30 * kMs, [](int64_t ns) {
        const timespec time = span(ns);
        return nanosleep(&time, nullptr) == 0;
    });
    add_timed("clock_nanosleep", 40 * kMs, [](int64_t ns) {
        const timespec time = span(ns);
        timespec left = {};
        errno = clock_nanosleep(CLOCK_BOOTTIME, 0, &time, &left);
        return errno == 0;
    });
    add_timed("clock_nanosleep abs", 40 * kMs, [](int64_t ns) {
        const timespec time = span(now() + ns);
        errno = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
        return errno == 0;
    });
    add_timed("futex timeout", 35 * kMs, [](int64_t ns) {
        const timespec time = span(ns);
        return futex(quiet_word, FUTEX_WAIT, 0, &time) == -1 && errno == ETIMEDOUT;
    });
    add_timed("futex bitset abs", 35 * kMs, [](int64_t ns) {
        const timespec time = span(now() + ns);
        return futex(quiet_word, FUTEX_WAIT_BITSET, 0, &time) == -1 && errno == ETIMEDOUT;
    });
    add_timed("rt_sigtimedwait", 35 * kMs, [](int64_t ns) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGRTMIN + 1);
        const timespec time = span(ns);
        return sigtimedwait(&set, nullptr, &time) == -1 && errno == EAGAIN;
    });
}

void add_pollers() {
    add_timed("poll", 35 * kMs, [](int64_t ns) {
        pollfd fd = {never[0], POLLIN, 0};
        return poll(&fd, 1, static_cast<int>(ns / kMs)) == 0;
    });
    add_timed("ppoll", 35 * kMs, [](int64_t ns) {
        pollfd fd = {never[0], POLLIN, 0};
        const timespec time = span(ns);
        sigset_t mask;
        sigfillset(&mask);
        return ppoll(&fd, 1, &time, &mask) == 0;
    });
    add_timed("select", 35 * kMs, [](int64_t ns) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(never[0], &set);
        timeval time = {0, ns / 1'000};
        return select(never[0] + 1, &set, nullptr, nullptr, &time) == 0;
    });
    add_timed("pselect", 35 * kMs, [](int64_t ns) {
        const timespec time = span(ns);
        return pselect(0, nullptr, nullptr, nullptr, &time, nullptr) == 0;
    });
    const int idle_set = check(epoll_create1(0), "epoll_create1");
    add_timed("epoll_wait", 35 * kMs, [idle_set](int64_t ns) {
        epoll_event event = {};
        return epoll_wait(idle_set, &event, 1, static_cast<int>(ns / kMs)) == 0;
    });
    add_timed("epoll_pwait2", 35 * kMs, [idle_set](int64_t ns) {
        epoll_event event = {};
        const timespec time = span(ns);
        return epoll_pwait2(idle_set, &event, 1, &time, nullptr) == 0;
    });
    add("poll endless", false, [fd = supplied_pipe()] {
        pollfd poll_fd = {fd, POLLIN, 0};
        return poll(&poll_fd, 1, -1) == 1 && take(fd);
    });
    const int fed = supplied_pipe();
    const int busy_set = check(epoll_create1(0), "epoll_create1");
    epoll_event event = {};
    event.events = EPOLLIN;
    check(epoll_ctl(busy_set, EPOLL_CTL_ADD, fed, &event), "epoll_ctl");
    add("epoll_wait endless", false, [busy_set, fed] {
        epoll_event got = {};
        return epoll_wait(busy_set, &got, 1, -1) == 1 && take(fed);
    });
}

void add_readers() {
    add("read pipe", false, [fd = supplied_pipe()] { return take(fd); });
    const int event = check(eventfd(0, 0), "eventfd");
    pinged.push_back(event);
    add("read eventfd", false, [event] { return take(event); });
    const int timer = check(timerfd_create(CLOCK_MONOTONIC, 0), "timerfd_create");
    const itimerspec period = {{0, 25 * kMs}, {0, 25 * kMs}};
    check(timerfd_settime(timer, 0, &period, nullptr), "timerfd_settime");
    add("read timerfd", false, [timer] { return take(timer); });
    int through[2];
    check(pipe(through), "pipe");
    add("splice", false, [from = supplied_pipe(), to = through[1]] {
        return splice(from, nullptr, to, nullptr, 8, 0) == 8;
    });
    add("read spliced", false, [from = through[0]] { return take(from); });
    int full[2];
    check(pipe(full), "pipe");
    check(fcntl(full[1], F_SETPIPE_SZ, 4'096), "F_SETPIPE_SZ");
    add("write full pipe", false, [to = full[1]] {
        char page[4'096] = {};
        return write(to, page, sizeof(page)) == sizeof(page);
    });
    add("read slowly", false, [from = full[0]] {
        char page[4'096];
        const timespec pause = span(20 * kMs);
        return nanosleep(&pause, nullptr) == 0 && read(from, page, sizeof(page)) == sizeof(page);
    });
    add("futex endless", false, [] {
        const uint32_t seen = futex_word;
        return futex(futex_word, FUTEX_WAIT, seen, nullptr) == 0 || errno == EAGAIN;
    });
}

void add_workers() {
    add("compute", false, [] {
        const timespec pause = span(10 * kMs);
        volatile uint64_t sum = 0;
        for (const int64_t end = now() + 2 * kMs; now() < end;) {
            for (int i = 0; i < 1'000; i++) {
                sum = sum + static_cast<uint64_t>(i);
            }
        }
        return nanosleep(&pause, nullptr) == 0;
    });
    add("short calls", false, [] {
        const timespec pause = span(10 * kMs);
        bool right = true;
        for (int i = 0; i < 2'000; i++) {
            right = right && syscall(SYS_getppid) > 0;
            // Each may have to wait for everybody else on a busy machine.
            right = right && (i % 100 != 0 || sched_yield() == 0);
        }
        return nanosleep(&pause, nullptr) == 0 && right;
    });
    const int file = check(open("synced", O_CREAT | O_RDWR | O_TRUNC, 0644), "synced");
    add("write and sync", false, [file] {
        const timespec pause = span(50 * kMs);
        const uint64_t value = static_cast<uint64_t>(now());
        return pwrite(file, &value, 8, 0) == 8 && fdatasync(file) == 0 &&
               nanosleep(&pause, nullptr) == 0;
    });
    add("message queues", false, [queues = target::MessageQueues()] {
        const timespec pause = span(5 * kMs);
        return nanosleep(&pause, nullptr) == 0 && queues.are_as_left();
    });
    add("pinger", false, [] {
        const timespec pause = span(15 * kMs);
        const uint64_t one = 1;
        bool right = nanosleep(&pause, nullptr) == 0;
        for (const int fd : pinged) {
            right = write(fd, &one, sizeof(one)) == sizeof(one) && right;
        }
        futex_word++;
        futex(futex_word, FUTEX_WAKE, 64, nullptr);
        return right;
    });
}

// Each thread finds its object again and again as it left it.
void add_objects() {
    for (const auto make : {target::make_unix_sockets, target::make_network_sockets,
                            target::make_terminals_and_files}) {
        for (const target::Object& object : make()) {
            add(object.name.c_str(), false, [use = object.use] {
                const timespec pause = span(10 * kMs);
                const bool right = nanosleep(&pause, nullptr) == 0;
                use();
                return right;
            });
        }
    }
}

// Their calls never end; that one ended at all is an EINTR or wrong.
void add_endless(pid_t waited) {
    sigset_t rare;
    sigemptyset(&rare);
    sigaddset(&rare, SIGRTMIN + 2);
    add("pause", true, pause_for_ever);
    add("sigsuspend", true, [] {
        sigset_t none;
        sigemptyset(&none);
        return sigsuspend(&none) == 0;
    });
    add("sigwaitinfo", true, [rare] { return sigwaitinfo(&rare, nullptr) > 0; });
    add("wait4", true, [waited] { return waitpid(waited, nullptr, 0) == waited; });
    add("waitid", true, [waited] {
        siginfo_t info = {};
        return waitid(P_PID, static_cast<id_t>(waited), &info, WEXITED) == 0;
    });
    const int signals = check(signalfd(-1, &rare, 0), "signalfd");
    add("read signalfd", true, [signals] {
        signalfd_siginfo info = {};
        return read(signals, &info, sizeof(info)) > 0;
    });
    add("read for ever", true, [] { return take(never[0]); });
    add("poll for ever", true, [] {
        pollfd fd = {never[0], POLLIN, 0};
        return poll(&fd, 1, -1) != -1;
    });
    add("futex for ever", true, [] { return futex(quiet_word, FUTEX_WAIT, 0, nullptr) == 0; });
    check(mkfifo("fifo", 0600), "mkfifo");
    add("open fifo", true, [] { return open("fifo", O_RDONLY) != -1; });
}

pid_t child(const std::function<void()>& body) {
    const pid_t pid = check(fork(), "fork");
    if (pid == 0) {
        body();
        _exit(0);
    }
    return pid;
}

// One that the root waits for, one of another user, two with little room, one stopped, one dead.
pid_t make_family() {
    const pid_t waited = child([slot = claim("child pause", true)] { run(slot, pause_for_ever); });
    child([slot = claim("other user's read", true)] {
        check(setresuid(65534, 65534, 65534), "setresuid");
        run(slot, [] { return take(never[0]); });
    });
    child([slot = claim("confined read", true)] {
        target::confine();
        run(slot, [] { return take(never[0]); });
    });
    child([slot = claim("crowded read", true)] {
        target::fill_descriptors();
        run(slot, [] { return take(never[0]); });
    });
    const pid_t stopped = child([] { pause(); });
    check(kill(stopped, SIGSTOP), "kill");
    check(waitpid(stopped, nullptr, WUNTRACED), "waitpid");
    const pid_t dead = child([] {});
    check(waitid(P_PID, static_cast<id_t>(dead), nullptr, WEXITED | WNOWAIT), "waitid");
    return waited;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2 || chdir(argv[1]) == -1) {
        fprintf(stderr, "usage: target DIR\n");
        return 2;
    }
    zdtm::init(argc, argv);
    const int fd = check(open("board", O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0644), "board");
    check(ftruncate(fd, sizeof(Board)), "ftruncate");
    void* memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        die("mmap");
    }
    check(close(fd), "close");
    board = static_cast<Board*>(memory);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMIN + 1);
    sigaddset(&blocked, SIGRTMIN + 2);
    sigaddset(&blocked, target::kQueueSignal);
    check(sigprocmask(SIG_BLOCK, &blocked, nullptr), "sigprocmask");
    check(pipe(never), "pipe");
    const pid_t waited = make_family();
    add_sleepers();
    add_pollers();
    add_readers();
    add_endless(waited);
    add_workers();
    add_objects();
    Slot* own = claim("main pause", true);
    board->slots = used_slots;
    run(own, pause_for_ever);
}
