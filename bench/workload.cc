// workload KIND COUNT DIR: a process (tree) of one shape, which can say whether it is intact.
//
// It renames DIR/ready.tmp, holding "PID PROCESSES", to DIR/ready when it stands. On SIGUSR1 every
// process of it checks its state and appends a line to DIR/answers: "ok", or what is wrong.
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Region {
    uint64_t* words;
    size_t count;
    uint64_t sum;
};

std::string directory;
std::vector<Region> regions;
std::vector<pid_t> children;
std::vector<int> eventfds;
std::vector<int> files;
std::vector<std::pair<int, int>> pipes;
std::atomic<long> threads_up{0};
std::atomic<long> threads_asked{0};
std::atomic<long> threads_answered{0};
long thread_count = 0;

[[noreturn]] void die(const char* what) {
    std::perror(what);
    std::_Exit(1);
}

uint64_t sum_of(const Region& region) {
    uint64_t sum = 0;
    for (size_t i = 0; i < region.count; i++)
        sum = sum * 31 + region.words[i];
    return sum;
}

// Fresh memory, every word different: nothing can be skipped or compressed away.
void add_memory(size_t bytes, uint64_t seed) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        die("mmap");
    Region region{static_cast<uint64_t*>(memory), bytes / 8, 0};
    uint64_t word = seed * 0x9E3779B97F4A7C15 + 1;
    for (size_t i = 0; i < region.count; i++) {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        region.words[i] = word;
    }
    region.sum = sum_of(region);
    regions.push_back(region);
}

void answer(const std::string& line) {
    int fd = open((directory + "/answers").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (fd < 0 || write(fd, line.data(), line.size()) < 0)
        die("answers");
    close(fd);
}

const char* check_descriptors() {
    uint64_t value = 0;
    for (size_t i = 0; i < eventfds.size(); i++) {
        if (read(eventfds[i], &value, 8) != 8 || value != i + 1 ||
            write(eventfds[i], &value, 8) != 8)
            return "eventfd";
    }
    for (size_t i = 0; i < files.size(); i++) {
        if (lseek(files[i], 0, SEEK_CUR) != static_cast<off_t>(i))
            return "file offset";
    }
    for (size_t i = 0; i < pipes.size(); i++) {
        if (read(pipes[i].first, &value, 8) != 8 || value != i ||
            write(pipes[i].second, &value, 8) != 8)
            return "pipe";
    }
    return nullptr;
}

const char* check_all() {
    for (const Region& region : regions) {
        if (sum_of(region) != region.sum)
            return "memory";
    }
    threads_answered = 0;
    threads_asked++;
    threads_asked.notify_all();
    for (int i = 0; i < 20000 && threads_answered < thread_count; i++)
        usleep(500);
    if (threads_answered != thread_count)
        return "threads";
    return check_descriptors();
}

[[noreturn]] void serve() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    for (;;) {
        if (sigwaitinfo(&set, nullptr) != SIGUSR1)
            continue;
        for (pid_t child : children)
            kill(child, SIGUSR1);
        const char* wrong = check_all();
        answer(wrong == nullptr ? "ok\n" : std::string(wrong) + "\n");
    }
}

void add_children(long count) {
    for (long i = 0; i < count; i++) {
        pid_t child = fork();
        if (child < 0)
            die("fork");
        if (child == 0) {
            children.clear();
            add_memory(16 << 10, static_cast<uint64_t>(i));
            serve();
        }
        children.push_back(child);
    }
}

void thread_main(long id) {
    static thread_local long mine;
    mine = id;
    threads_up++;
    long seen = 0;
    for (;;) {
        threads_asked.wait(seen);
        seen = threads_asked;
        if (mine == id)
            threads_answered++;
    }
}

void add_threads(long count) {
    thread_count = count;
    for (long i = 0; i < count; i++)
        std::thread(thread_main, i).detach();
    while (threads_up < count)
        usleep(1000);
}

// Alternating protections: neighbours cannot merge, so every page is an area.
void add_areas(long count) {
    add_memory(static_cast<size_t>(count) * 4096, 7);
    char* start = reinterpret_cast<char*>(regions.back().words);
    for (long i = 0; i < count; i += 2) {
        if (mprotect(start + i * 4096, 4096, PROT_READ) != 0)
            die("mprotect");
    }
}

// Half eventfds, a quarter regular files, an eighth pipes (two descriptors each).
void add_descriptors(long count) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    for (long i = 0; i < count / 2; i++)
        eventfds.push_back(eventfd(static_cast<unsigned>(i + 1), 0));
    for (long i = 0; i < count / 4; i++) {
        files.push_back(
            open((directory + "/file" + std::to_string(i)).c_str(), O_RDWR | O_CREAT, 0644));
        lseek(files.back(), i, SEEK_SET);
    }
    for (long i = 0; i < count / 8; i++) {
        int ends[2];
        uint64_t value = static_cast<uint64_t>(i);
        if (pipe(ends) != 0 || write(ends[1], &value, 8) != 8)
            die("pipe");
        pipes.emplace_back(ends[0], ends[1]);
    }
}

void build(const std::string& kind, long count) {
    if (kind == "tiny")
        add_memory(64 << 10, 1);
    else if (kind == "anon")
        add_memory(static_cast<size_t>(count) << 20, 1);
    else if (kind == "tree")
        add_children(count);
    else if (kind == "threads")
        add_threads(count);
    else if (kind == "areas")
        add_areas(count);
    else if (kind == "fds")
        add_descriptors(count);
    else
        die("unknown kind");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4)
        return 2;
    directory = argv[3];
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    build(argv[1], std::atol(argv[2]));
    std::string ready = directory + "/ready";
    FILE* file = std::fopen((ready + ".tmp").c_str(), "w");
    if (file == nullptr)
        die("ready");
    std::fprintf(file, "%d %zu\n", getpid(), children.size() + 1);
    std::fclose(file);
    if (rename((ready + ".tmp").c_str(), ready.c_str()) != 0)
        die("rename");
    serve();
}
