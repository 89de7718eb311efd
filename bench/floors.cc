// floors DIR: what the kernel itself takes on this machine, now, for the work that a dump or
// restore cannot avoid. Prints "name milliseconds" lines, the best of a few runs each.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr long kTasks = 1000;
constexpr long kAreas = 30000;
constexpr long kDescriptors = 10000;
constexpr size_t kMemory = 1UL << 30;
constexpr size_t kPage = 4096;

using Step = std::function<void()>;

void must(bool good, const char* what) {
    if (!good) {
        std::perror(what);
        std::exit(1);
    }
}

// Times `step`; `before` and `after` are not part of it.
void measure(const char* name, int runs, const Step& before, const Step& step, const Step& after) {
    double best = 1e9;
    for (int i = 0; i < runs; i++) {
        before();
        auto begin = std::chrono::steady_clock::now();
        step();
        std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
        best = std::min(best, took.count());
        after();
    }
    std::printf("%s %.3f\n", name, best);
    std::fflush(stdout);
}

std::vector<pid_t> make_tasks(long count) {
    std::vector<pid_t> pids;
    for (long i = 0; i < count; i++) {
        pid_t pid = fork();
        must(pid >= 0, "fork");
        if (pid == 0) {
            pause();
            _exit(0);
        }
        pids.push_back(pid);
    }
    return pids;
}

void end_tasks(std::vector<pid_t>& pids) {
    for (pid_t pid : pids)
        kill(pid, SIGKILL);
    for (pid_t pid : pids)
        waitpid(pid, nullptr, 0);
    pids.clear();
}

// Stops all, then lets all go: the ptrace part of a freeze.
void stop_and_go(const std::vector<pid_t>& ids) {
    for (pid_t id : ids) {
        must(ptrace(PTRACE_SEIZE, id, 0, 0) == 0, "PTRACE_SEIZE");
        ptrace(PTRACE_INTERRUPT, id, 0, 0);
    }
    for (pid_t id : ids)
        waitpid(id, nullptr, __WALL);
    for (pid_t id : ids)
        ptrace(PTRACE_DETACH, id, 0, 0);
}

void tasks() {
    std::vector<pid_t> pids;
    measure(
        "make_tasks", 5, [] {}, [&] { pids = make_tasks(kTasks); }, [&] { end_tasks(pids); });
    pids = make_tasks(kTasks);
    measure(
        "stop_tasks", 5, [] {}, [&] { stop_and_go(pids); }, [] {});
    measure(
        "one_stop", 20, [] {}, [&] { stop_and_go({pids[0]}); }, [] {});
    end_tasks(pids);
    measure(
        "one_task", 20, [] {}, [&] { pids = make_tasks(1); }, [&] { end_tasks(pids); });
}

// In a child, since threads of one's own cannot be traced; `ids` come through shared memory.
void threads() {
    auto* ids = static_cast<std::atomic<pid_t>*>(
        mmap(nullptr, kPage * 2, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        auto sleeper = [&](long i) {
            ids[i] = static_cast<pid_t>(syscall(SYS_gettid));
            for (;;)
                pause();
        };
        measure(
            "make_threads", 1, [] {},
            [&] {
                for (long i = 0; i < kTasks; i++)
                    std::thread(sleeper, i).detach();
            },
            [] {});
        pause();
    }
    for (long i = 0; i < kTasks; i++) {
        while (ids[i] == 0)
            usleep(1000);
    }
    std::vector<pid_t> all;
    for (long i = 0; i < kTasks; i++)
        all.push_back(ids[i]);
    measure(
        "stop_threads", 5, [] {}, [&] { stop_and_go(all); }, [] {});
    std::vector<pid_t> one{child};
    end_tasks(one);
}

void read_whole(const char* path) {
    static char buffer[1 << 20];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    must(fd >= 0, path);
    while (read(fd, buffer, sizeof(buffer)) > 0) {
    }
    close(fd);
}

void areas() {
    char* start = nullptr;
    auto make = [&] {
        start = static_cast<char*>(mmap(nullptr, kAreas * kPage, PROT_READ | PROT_WRITE,
                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        for (long i = 0; i < kAreas; i += 2)
            must(mprotect(start + i * static_cast<long>(kPage), kPage, PROT_READ) == 0, "mprotect");
    };
    auto drop = [&] { munmap(start, kAreas * kPage); };
    measure(
        "make_areas", 5, [] {}, make, drop);
    make();
    measure(
        "read_areas", 3, [] {}, [] { read_whole("/proc/self/smaps"); }, [] {});
    drop();
}

void descriptors() {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    std::vector<int> fds;
    auto make = [&] {
        for (long i = 0; i < kDescriptors; i++)
            fds.push_back(eventfd(0, 0));
    };
    auto drop = [&] {
        for (int fd : fds)
            close(fd);
        fds.clear();
    };
    measure(
        "make_fds", 5, [] {}, make, drop);
    make();
    int self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
    auto take = [&] {
        for (int fd : fds)
            close(static_cast<int>(syscall(SYS_pidfd_getfd, self, fd, 0)));
    };
    measure(
        "take_fds", 5, [] {}, take, [] {});
    drop();
}

char* fresh() {
    void* memory =
        mmap(nullptr, kMemory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED, "mmap");
    return static_cast<char*>(memory);
}

void memory(const std::string& directory) {
    std::string path = directory + "/floor";
    int fd = -1;
    char* data = fresh();
    std::memset(data, 1, kMemory);
    auto open_new = [&] { fd = open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); };
    auto write_all = [&] {
        must(fallocate(fd, 0, 0, kMemory) == 0, "fallocate");
        for (size_t at = 0; at < kMemory; at += 4 << 20)
            must(pwrite(fd, data + at, 4 << 20, static_cast<off_t>(at)) == 4 << 20, "pwrite");
    };
    measure("write_gib", 4, open_new, write_all, [&] { close(fd); });
    measure(
        "end_gib", 1, [] {}, [&] { munmap(data, kMemory); }, [] {});
    fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    auto read_all = [&] {
        for (size_t at = 0; at < kMemory; at += 4 << 20)
            must(pread(fd, data + at, 4 << 20, static_cast<off_t>(at)) == 4 << 20, "pread");
    };
    measure(
        "read_gib", 4, [&] { data = fresh(); }, read_all, [&] { munmap(data, kMemory); });
    close(fd);
    unlink(path.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        return 2;
    tasks();
    threads();
    areas();
    descriptors();
    memory(argv[1]);
}
