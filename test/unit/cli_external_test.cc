// Values of --external and --inherit-fd.
#include <catch2/catch.hpp>

#include "base/error.h"
#include "cli/external_options.h"

using crtool::Error;
using namespace crtool::cli;

TEST_CASE("external objects have the kernel's names, and a key") {
    CHECK(parse_external("pipe[77]").resource == "pipe:[77]");
    CHECK(parse_external("pipe:[77]").key == "pipe:[77]");
    CHECK(parse_external("unix[5]").resource == "socket:[5]");
    CHECK(parse_external("socket[5]:log").key == "log");
    CHECK(parse_external("tty[8803:1A]").resource == "tty[8803:1a]");
    CHECK(parse_external("file[1c:00ff]:x:y").resource == "file[1c:ff]");
    CHECK(parse_external("file[1c:ff]:x:y").key == "x:y");
    auto numbered = parse_external("fd[41:7]=a key");
    CHECK(numbered.resource.empty());
    CHECK(numbered.task == 41);
    CHECK(numbered.fd == 7);
    CHECK(numbered.key == "a key");
}

TEST_CASE("what is not the name of an external object is said") {
    for (const char* bad : {"", "x", "pipe", "pipe[]", "pipe[x]", "pipe[7", "pipe]7[", "pipe[7]x",
                            "fd[7]=k", "fd[1:2]", "fd[1:2]:", "tty[1]", "file[1:g]", "disk[1]"})
        CHECK_THROWS_WITH(parse_external(bad), Catch::Contains("--external"));
    CHECK_THROWS_WITH(parse_external("mnt[/x]:y"), Catch::Contains("not carried yet"));
}

TEST_CASE("a descriptor is given for a name, a key or a path") {
    auto pipe = parse_inherit_fd("fd[5]:pipe:[77]");
    CHECK(pipe.fd == 5);
    CHECK(pipe.name == "pipe:[77]");
    CHECK(parse_inherit_fd("fd[0]:tty[8803:1A]").name == "tty[8803:1a]");
    CHECK(parse_inherit_fd("fd[0]:unix[9]").name == "socket:[9]");
    CHECK(parse_inherit_fd("fd[1]:var/log/x[1]").name == "var/log/x[1]");
    for (const char* bad :
         {"", "5:x", "fd[]:x", "fd[5]", "fd[5]:", "fd[-1]:x", "fd[99999999999]:x"})
        CHECK_THROWS_WITH(parse_inherit_fd(bad), Catch::Contains("--inherit-fd"));
}
