// Threads throw through frames with destructors and across threads; one exception is in flight
// between its throw and its rethrow during every dump.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

struct Base {
    virtual ~Base() = default;
};

struct Problem : Base, std::runtime_error {
    Problem(int deep, std::shared_ptr<int> token)
        : std::runtime_error("at depth " + std::to_string(deep)), depth(deep), held(token) {}

    int depth;
    std::shared_ptr<int> held;
};

std::atomic<long> unwound;
std::atomic<bool> stopped;

struct Guard {
    ~Guard() { unwound++; }
};

void dive(int depth, const std::shared_ptr<int>& token) {
    Guard guard;
    if (depth == 0) {
        throw Problem(50, token);
    }
    dive(depth - 1, token);
}

long throw_often(const std::shared_ptr<int>& token) {
    long caught = 0;
    while (!stopped) {
        try {
            dive(50, token);
        } catch (const Base& problem) {
            if (dynamic_cast<const Problem&>(problem).what() != std::string("at depth 50")) {
                return -1;
            }
            caught++;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return caught;
}

}  // namespace

int main() {
    const auto token = std::make_shared<int>(7);
    std::exception_ptr in_flight;
    try {
        dive(50, token);
    } catch (...) {
        in_flight = std::current_exception();
    }
    std::vector<long> caught(3);
    std::vector<std::thread> threads;
    for (long& count : caught) {
        threads.emplace_back([&count, &token] { count = throw_often(token); });
    }
    std::ofstream progress("progress");
    while (access("stop", F_OK) != 0) {
        progress << 'x' << std::flush;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    stopped = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    long total = 1;
    bool right = token.use_count() == 2;
    for (const long count : caught) {
        right = right && count > 0;
        total += count;
    }
    try {
        std::rethrow_exception(in_flight);
    } catch (const Problem& problem) {
        right = right && problem.depth == 50 && problem.held == token;
    }
    right = right && unwound == total * 51;
    std::ofstream("result") << (right ? "right" : "wrong");
}
