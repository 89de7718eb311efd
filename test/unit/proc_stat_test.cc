// stat lines, with command names that try to look like fields.
#include "sys/proc_stat.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/fd.h"

using namespace crtool::sys;

namespace {

constexpr std::string_view kRest =
    " S 7 8 -1 34816 9 4194560 10 11 12 13 14 15 16 17 20 -5 3 0 123456 1000 200 "
    "18446744073709551615 4194304 4198400 140737488347136 0 0 0 0 0 0 0 0 0 17 1 99 2 0 0 0 "
    "6295040 6295600 10350592 140737488347600 140737488347620 140737488347621 140737488351213 "
    "35584\n";

}  // namespace

TEST_CASE("stat: all fields") {
    TaskStat stat = parse_stat("4711 (name)" + std::string(kRest));
    CHECK(stat.pid == 4711);
    CHECK(stat.comm == "name");
    CHECK(stat.state == 'S');
    CHECK(stat.ppid == 7);
    CHECK(stat.pgrp == 8);
    CHECK(stat.session == -1);
    CHECK(stat.tty_nr == 34816);
    CHECK(stat.tpgid == 9);
    CHECK(stat.flags == 4194560);
    CHECK(stat.nice == -5);
    CHECK(stat.num_threads == 3);
    CHECK(stat.starttime == 123456);
    CHECK(stat.start_code == 4194304);
    CHECK(stat.end_code == 4198400);
    CHECK(stat.start_stack == 140737488347136);
    CHECK(stat.exit_signal == 17);
    CHECK(stat.rt_priority == 99);
    CHECK(stat.policy == 2);
    CHECK(stat.start_data == 6295040);
    CHECK(stat.end_data == 6295600);
    CHECK(stat.start_brk == 10350592);
    CHECK(stat.arg_start == 140737488347600);
    CHECK(stat.arg_end == 140737488347620);
    CHECK(stat.env_start == 140737488347621);
    CHECK(stat.env_end == 140737488351213);
    CHECK(stat.exit_code == 35584);
}

TEST_CASE("stat: command names with anything in them") {
    std::string name = GENERATE("", " ", ")", ") R 1 1", "a\nb", "(((", "\xff\x01", "x) Z 0 (y");
    CHECK(parse_stat("1 (" + name + ")" + std::string(kRest)).comm == name);
}

TEST_CASE("stat: nonsense is refused") {
    CHECK_THROWS_AS(parse_stat(""), crtool::Error);
    CHECK_THROWS_AS(parse_stat("1 name S 1"), crtool::Error);
    CHECK_THROWS_AS(parse_stat("1 )name( S 1"), crtool::Error);
    CHECK_THROWS_AS(parse_stat("1 (name) S 7 8 9"), crtool::Error);
}

TEST_CASE("stat of this process") {
    TaskStat stat = parse_stat(read_file_at(AT_FDCWD, "/proc/self/stat"));
    CHECK(stat.pid == ::getpid());
    CHECK(stat.ppid == ::getppid());
    CHECK(stat.pgrp == ::getpgrp());
    CHECK(stat.session == ::getsid(0));
    CHECK(stat.state == 'R');
    CHECK(stat.exit_signal == SIGCHLD);
    CHECK(stat.start_stack != 0);
    CHECK(stat.env_start >= stat.arg_end);
    CHECK(stat.start_brk <= reinterpret_cast<uint64_t>(::sbrk(0)));
}
