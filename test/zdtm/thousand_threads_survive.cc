// A thousand threads live on, each with its own id, its own thread-local values and its own stack;
// all can be joined.
#include <array>

#include "threads.h"

namespace {

constexpr int kThreads = 1000;
thread_local int64_t local = 0;
thread_local std::array<char, 64> text = {};
std::array<pid_t, kThreads> tids;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    std::array<const void*, kThreads> places = {};
    local = 5;
    zdtm::checkpoint_with_threads(
        kThreads,
        [&](int i) {
            local = 1'000'000 + i;
            snprintf(text.data(), text.size(), "thread number %d", i);
            tids[i] = zdtm::thread_id();
            places[i] = &local;
        },
        [&](int i) {
            CHECK_EQ(local, 1'000'000 + i);
            CHECK_EQ(std::string(text.data()), "thread number " + std::to_string(i));
            CHECK_EQ(zdtm::thread_id(), tids[i]);
            CHECK_EQ(places[i], static_cast<const void*>(&local));
        });
    CHECK_EQ(local, 5);
    CHECK_EQ(zdtm::field(zdtm::read_file("/proc/self/status"), "Threads"), "1");
    zdtm::pass();
}
