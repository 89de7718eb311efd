// Lines of locks, as fdinfo and /proc/locks have them.
#include "sys/proc_locks.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using crtool::sys::FileLock;
using crtool::sys::parse_lock;

TEST_CASE("proc_locks: a range, and one to the end") {
    auto lock = parse_lock("1: POSIX  ADVISORY  WRITE 359 00:13:11691 10 19");
    REQUIRE(lock);
    CHECK(lock->kind == FileLock::Kind::posix);
    CHECK(lock->type == FileLock::Type::write);
    CHECK(lock->pid == 359);
    CHECK(lock->start == 10);
    CHECK(lock->length == 10);
    CHECK(parse_lock("2: FLOCK  ADVISORY  READ 1 fe:00:7 0 EOF")->length == 0);
}

TEST_CASE("proc_locks: locks of an open file have no process") {
    auto lock = parse_lock("1: OFDLCK ADVISORY  READ -1 00:13:11691 0 0");
    REQUIRE(lock);
    CHECK(lock->kind == FileLock::Kind::ofd);
    CHECK(lock->pid == -1);
    CHECK(lock->length == 1);
}

TEST_CASE("proc_locks: leases") {
    CHECK(!parse_lock("1: LEASE  ACTIVE    READ 7 00:13:1 0 EOF")->breaking);
    CHECK(parse_lock("1: LEASE  BREAKING  UNLCK 7 00:13:1 0 EOF")->breaking);
    CHECK(!parse_lock("1: DELEG  ACTIVE    READ 7 00:13:1 0 EOF"));
}

TEST_CASE("proc_locks: what is no lock is an error") {
    CHECK_THROWS_AS(parse_lock("POSIX"), crtool::Error);
    CHECK_THROWS_AS(parse_lock("1: POSIX  ADVISORY  WRITE 1 0:0:1 5 4"), crtool::Error);
}
