// The small parsers: limits, timers, auxv.
#include <fcntl.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <time.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/proc_auxv.h"
#include "sys/proc_limits.h"
#include "sys/proc_timers.h"

using namespace crtool::sys;

TEST_CASE("limits of this process are those of getrlimit") {
    std::string text = read_file_at(AT_FDCWD, "/proc/self/limits");
    Limits limits = parse_limits(text);
    for (int resource = 0; resource < RLIM_NLIMITS; ++resource) {
        rlimit expected{};
        REQUIRE(::getrlimit(static_cast<__rlimit_resource_t>(resource), &expected) == 0);
        CHECK(limits[static_cast<size_t>(resource)] == Limit{expected.rlim_cur, expected.rlim_max});
    }
    size_t last_line = text.rfind("Max realtime timeout");
    CHECK_THROWS_AS(parse_limits(text.substr(0, last_line)), crtool::Error);
}

TEST_CASE("limits: nonsense is refused") {
    CHECK_THROWS_AS(parse_limits(""), crtool::Error);
    CHECK_THROWS_AS(parse_limits("Limit\nMax anything 1 2 3\n"), crtool::Error);
    CHECK_THROWS_AS(parse_limits("Limit\nMax cpu time x y z\n"), crtool::Error);
}

TEST_CASE("timers: every kind of notification") {
    std::vector<PosixTimer> timers = parse_timers(
        "ID: 1\nsignal: 60/00007fff86e452a8\nnotify: signal/pid.2634\nClockID: 0\n"
        "ID: 7\nsignal: 0/0000000000000000\nnotify: none/pid.5\nClockID: 1\n"
        "ID: 9\nsignal: 34/ffffffffffffffff\nnotify: thread/pid.5\nClockID: -6\n"
        "ID: 10\nsignal: 34/0000000000000000\nnotify: signal/tid.6\nClockID: 7\n");
    REQUIRE(timers.size() == 4);
    CHECK(timers[0].id == 1);
    CHECK(timers[0].signal == 60);
    CHECK(timers[0].sigev_value == 0x7fff86e452a8);
    CHECK(timers[0].notify == SIGEV_SIGNAL);
    CHECK(timers[0].target == 2634);
    CHECK(timers[1].notify == SIGEV_NONE);
    CHECK(timers[2].notify == SIGEV_THREAD);
    CHECK(timers[2].sigev_value == UINT64_MAX);
    CHECK(timers[2].clock == -6);
    CHECK(timers[3].notify == (SIGEV_SIGNAL | SIGEV_THREAD_ID));
    CHECK(timers[3].target == 6);
    CHECK(parse_timers("").empty());
    CHECK_THROWS_AS(parse_timers("ID: 1\nsignal: 1/0\nnotify: mail/pid.1\nClockID: 0\n"),
                    crtool::Error);
    CHECK_THROWS_AS(parse_timers("ID: 1\n"), crtool::Error);
}

TEST_CASE("timers of this process") {
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGUSR1;
    event.sigev_value.sival_ptr = &event;
    timer_t timer{};
    REQUIRE(::timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    auto timers = parse_timers(read_file_at(AT_FDCWD, "/proc/self/timers"));
    ::timer_delete(timer);
    REQUIRE(timers.size() == 1);
    CHECK(timers[0].signal == SIGUSR1);
    CHECK(timers[0].sigev_value == reinterpret_cast<uint64_t>(&event));
    CHECK(timers[0].clock == CLOCK_MONOTONIC);
}

TEST_CASE("auxv of this process is that of getauxval") {
    std::string bytes = read_file_at(AT_FDCWD, "/proc/self/auxv");
    std::vector<AuxEntry> entries = parse_auxv(bytes);
    CHECK(find_auxv(entries, AT_SYSINFO_EHDR) == ::getauxval(AT_SYSINFO_EHDR));
    CHECK(find_auxv(entries, AT_PAGESZ) == 4096U);
    CHECK(find_auxv(entries, 0xdead) == std::nullopt);
    CHECK_THROWS_AS(parse_auxv(""), crtool::Error);
    CHECK_THROWS_AS(parse_auxv(bytes.substr(0, 16)), crtool::Error);
    CHECK_THROWS_AS(parse_auxv(bytes.substr(0, bytes.size() - 3)), crtool::Error);
}
