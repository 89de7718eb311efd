// fdinfo text of every kind of descriptor that adds lines of its own.
#include "sys/proc_fdinfo.h"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/fd.h"

using namespace crtool::sys;

TEST_CASE("fdinfo: common lines") {
    FdInfo info = parse_fdinfo("pos:\t9223372036854775807\nflags:\t02100002\nmnt_id:\t29\n");
    CHECK(info.pos == INT64_MAX);
    CHECK(info.flags == 02100002);
    CHECK(info.mnt_id == 29);
    CHECK_FALSE(info.ino.has_value());
    CHECK(info.lines.empty());
}

TEST_CASE("fdinfo: lines of the kinds") {
    FdInfo info = parse_fdinfo(
        "pos:\t0\nflags:\t02\nmnt_id:\t15\nino:\t1061\n"
        "eventfd-count:               5a\nsigmask:\t0000000000000006\n"
        "tfd:        5 events:       1d data: ffffffffffffffff  pos:0 ino:61af sdev:7\n"
        "tfd:        6 events:       19 data:                2  pos:0 ino:61b0 sdev:7\n"
        "inotify wd:3 ino:9e7e sdev:800013 mask:800afce ignored_mask:0 fhandle-bytes:8\n"
        "it_value: (0, 49406829)\nlock:\t1: FLOCK  ADVISORY  WRITE 359 00:13:11691 0 EOF\n");
    CHECK(info.ino == 1061U);
    CHECK(info.find("eventfd-count") == "5a");
    CHECK(info.find("sigmask") == "0000000000000006");
    CHECK(info.find("it_value") == "(0, 49406829)");
    CHECK(info.find("lock") == "1: FLOCK  ADVISORY  WRITE 359 00:13:11691 0 EOF");
    CHECK(info.find("tfd")->starts_with("5 events:"));
    CHECK(info.find("nothing") == std::nullopt);
    REQUIRE(info.lines.size() == 7);
    CHECK(info.lines[3].key == "tfd");
    CHECK(info.lines[4].key == "inotify");
    CHECK(info.lines[4].value.starts_with("wd:3 ino:9e7e"));
}

TEST_CASE("fdinfo: fields of a line") {
    std::string_view line = "5 events:       1d data: ff  pos:0 ino:61af sdev:7";
    CHECK(fdinfo_field(line, "events") == "1d");
    CHECK(fdinfo_field(line, "data") == "ff");
    CHECK(fdinfo_field(line, "ino") == "61af");
    CHECK(fdinfo_field(line, "dev") == std::nullopt);
    CHECK(fdinfo_field(line, "sdev") == "7");
    CHECK(fdinfo_field("wd:3 ino:1", "wd") == "3");
    CHECK(fdinfo_field("wd", "wd") == std::nullopt);
    CHECK(fdinfo_number("1d", 16) == 0x1d);
    CHECK(fdinfo_number("17", 10) == 17);
    CHECK(fdinfo_number("17", 8) == 15);
    CHECK_THROWS_AS(fdinfo_number("1x", 16), crtool::Error);
    CHECK_THROWS_AS(fdinfo_number("", 10), crtool::Error);
}

TEST_CASE("fdinfo: nonsense is refused") {
    CHECK_THROWS_AS(parse_fdinfo(""), crtool::Error);
    CHECK_THROWS_AS(parse_fdinfo("pos:\tx\n"), crtool::Error);
    CHECK_THROWS_AS(parse_fdinfo("pos:\t0\nflags:\t9\n"), crtool::Error);
    CHECK_THROWS_AS(parse_fdinfo("pos:\t0\nflags:\t02\n"), crtool::Error);
}

TEST_CASE("fdinfo of an eventfd of this process") {
    UniqueFd event(::eventfd(42, EFD_CLOEXEC | EFD_NONBLOCK));
    std::string text = read_file_at(AT_FDCWD, "/proc/self/fdinfo/" + std::to_string(event.get()));
    FdInfo info = parse_fdinfo(text);
    CHECK((info.flags & O_CLOEXEC) != 0);
    CHECK((info.flags & O_NONBLOCK) != 0);
    CHECK(fdinfo_number(info.find("eventfd-count").value(), 16) == 42);
}
