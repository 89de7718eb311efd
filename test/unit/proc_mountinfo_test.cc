// mountinfo lines with every optional field and awkward names.
#include "sys/proc_mountinfo.h"

#include <fcntl.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/fd.h"

using namespace crtool::sys;

TEST_CASE("mountinfo: fields and escapes") {
    std::vector<MountInfo> mounts = parse_mountinfo(
        "36 35 98:0 /mnt1 /mnt\\0402/a\\134b rw,noatime shared:4 master:1 propagate_from:7 - ext3 "
        "/dev/root\\011x rw,errors=continue\n"
        "37 36 0:5 / / ro unbindable new_thing:9 - tmpfs none rw\n"
        "38 36 0:3 net:[4026531840] /run/netns/a rw - nsfs nsfs rw\n");
    REQUIRE(mounts.size() == 3);
    CHECK(mounts[0].id == 36);
    CHECK(mounts[0].parent_id == 35);
    CHECK(mounts[0].dev_major == 98);
    CHECK(mounts[0].dev_minor == 0);
    CHECK(mounts[0].root == "/mnt1");
    CHECK(mounts[0].mount_point == "/mnt 2/a\\b");
    CHECK(mounts[0].options == "rw,noatime");
    CHECK(mounts[0].shared == 4);
    CHECK(mounts[0].master == 1);
    CHECK(mounts[0].propagate_from == 7);
    CHECK_FALSE(mounts[0].unbindable);
    CHECK(mounts[0].fs_type == "ext3");
    CHECK(mounts[0].source == "/dev/root\tx");
    CHECK(mounts[0].super_options == "rw,errors=continue");
    CHECK(mounts[1].unbindable);
    CHECK(mounts[2].root == "net:[4026531840]");
    CHECK(mounts[2].shared == 0);
}

TEST_CASE("mountinfo: an empty source") {
    auto mounts = parse_mountinfo("39 36 0:9 / /empty rw - tmpfs  rw,size=4k\n");
    REQUIRE(mounts.size() == 1);
    CHECK(mounts[0].source.empty());
    CHECK(mounts[0].super_options == "rw,size=4k");
}

TEST_CASE("mountinfo: nonsense is refused") {
    CHECK_THROWS_AS(parse_mountinfo("x"), crtool::Error);
    CHECK_THROWS_AS(parse_mountinfo("36 35 98:0 / / rw\n"), crtool::Error);
    CHECK_THROWS_AS(parse_mountinfo("36 35 98 / / rw - a b c\n"), crtool::Error);
    CHECK(parse_mountinfo("").empty());
}

TEST_CASE("mountinfo of this process has a root") {
    auto mounts = parse_mountinfo(read_file_at(AT_FDCWD, "/proc/self/mountinfo"));
    CHECK(std::any_of(mounts.begin(), mounts.end(),
                      [](const MountInfo& mount) { return mount.mount_point == "/"; }));
}
