// Jobs done ahead of who asks for them.
#include "sys/read_ahead.h"

#include <catch2/catch.hpp>
#include <stdexcept>

using crtool::sys::ReadAhead;

TEST_CASE("read ahead: every job is done once, with helpers and without") {
    size_t helpers = GENERATE(size_t{0}, size_t{1}, size_t{3});
    constexpr size_t kJobs = 1000;
    std::vector<std::atomic<int>> done(kJobs);
    {
        ReadAhead readers(kJobs, helpers, [&](size_t index) { ++done[index]; });
        for (size_t i = 0; i < kJobs; ++i) {
            readers.await(i);
            CHECK(done[i] == 1);
        }
    }
    for (const auto& times : done)
        CHECK(times == 1);
}

TEST_CASE("read ahead: what a job throws comes to who waits for it") {
    size_t helpers = GENERATE(size_t{0}, size_t{1});
    ReadAhead readers(20, helpers, [](size_t index) {
        if (index == 19)
            throw std::runtime_error("nineteen");
    });
    for (size_t i = 0; i < 19; ++i)
        readers.await(i);
    CHECK_THROWS_WITH(readers.await(19), "nineteen");
}

TEST_CASE("read ahead: may end before its jobs") {
    ReadAhead readers(1000, 1, [](size_t) {});
    readers.await(0);
}
