// Whose threads must exist before files are opened.
#include "restore/named_threads.h"

#include <catch2/catch.hpp>

using namespace crtool;

namespace {

class Sample {
  public:
    Sample() {
        for (uint32_t pid : {100U, 200U}) {
            image::Task& task = image.tasks.emplace_back();
            task.set_pid(pid);
            for (uint32_t tid = pid; tid < pid + 3; tid++)
                task.add_threads()->set_tid(tid);
        }
    }

    void add_pidfd(uint32_t pid, bool of_thread) {
        image::Pidfd& pidfd = *image.files.emplace_back().mutable_pidfd();
        pidfd.set_pid(pid);
        pidfd.set_of_thread(of_thread);
    }

    void add_proc_file(const std::string& path, bool of_dead_task = false) {
        image::RegularFile& regular = *image.files.emplace_back().mutable_regular();
        regular.set_path(path);
        regular.set_of_dead_task(of_dead_task);
    }

    image::Image image;
};

using Pids = std::unordered_set<uint32_t>;

}  // namespace

TEST_CASE("named threads: leaders and the dead need none") {
    Sample sample;
    sample.add_pidfd(100, false);
    sample.add_pidfd(200, true);
    sample.add_pidfd(0, true);
    CHECK(restore::tasks_of_named_threads(sample.image).empty());
}

TEST_CASE("named threads: the tasks of those that pidfds stand for") {
    Sample sample;
    sample.add_pidfd(202, true);
    CHECK(restore::tasks_of_named_threads(sample.image) == Pids{200});
    sample.add_pidfd(101, true);
    CHECK(restore::tasks_of_named_threads(sample.image) == Pids{100, 200});
}

TEST_CASE("named threads: the tasks of those with files in /proc") {
    Sample sample;
    sample.add_proc_file("/proc/100/stat");
    sample.add_proc_file("/proc/200/task/200/stat");
    sample.add_proc_file("/proc/200/task/201/stat", true);
    sample.add_proc_file("/proc/sys/kernel/101");
    sample.add_proc_file("/tmp/proc/100/task/101/stat");
    CHECK(restore::tasks_of_named_threads(sample.image).empty());
    sample.add_proc_file("/proc/100/task/101/stat");
    CHECK(restore::tasks_of_named_threads(sample.image) == Pids{100});
    sample.add_proc_file("/proc/202");
    CHECK(restore::tasks_of_named_threads(sample.image) == Pids{100, 200});
}
