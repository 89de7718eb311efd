// Command line and configuration files before CLI11 sees them.
#include <catch2/catch.hpp>

#include "base/error.h"
#include "cli/arguments.h"

using crtool::Error;
using crtool::cli::Arguments;
using crtool::cli::expand;
using crtool::cli::parse_config;

TEST_CASE("verbosity is written out") {
    CHECK(expand({"dump", "-v4"}) == Arguments{"dump", "--verbosity=4"});
    CHECK(expand({"-v0", "-vv"}) == Arguments{"--verbosity=0", "--verbosity=2"});
    CHECK(expand({"-v"}) == Arguments{"--verbosity=3"});
    CHECK(expand({"--verbosity"}) == Arguments{"--verbosity=3"});
    CHECK(expand({"--verbosity=1"}) == Arguments{"--verbosity=1"});
}

TEST_CASE("optional values are written out, others left alone") {
    CHECK(expand({"--manage-cgroups"}) == Arguments{"--manage-cgroups=soft"});
    CHECK(expand({"--manage-cgroups=full", "-D", "img"}) ==
          Arguments{"--manage-cgroups=full", "-D", "img"});
    CHECK(expand({"-version"}) == Arguments{"-version"});
    CHECK(expand({"--", "-v4"}) == Arguments{"--", "-v4"});
}

TEST_CASE("a configuration file is a list of options") {
    CHECK(parse_config("", "f").empty());
    CHECK(parse_config("# nothing\n\n   \n", "f").empty());
    CHECK(parse_config("leave-running", "f") == Arguments{"--leave-running"});
    CHECK(parse_config("ghost-limit  10M  # enough\n\tverbosity 4\r\n", "f") ==
          Arguments{"--ghost-limit=10M", "--verbosity=4"});
    CHECK(parse_config("images-dir \"/a b #c\"\n", "f") == Arguments{"--images-dir=/a b #c"});
    CHECK(parse_config("external mnt[/x]:y#z", "f") == Arguments{"--external=mnt[/x]:y#z"});
    CHECK(parse_config("manage-cgroups", "f") == Arguments{"--manage-cgroups=soft"});
}

TEST_CASE("a configuration error names file and line") {
    CHECK_THROWS_WITH(parse_config("a\n--b\n", "/etc/x.conf"),
                      Catch::Contains("/etc/x.conf:2") && Catch::Contains("--b"));
    CHECK_THROWS_WITH(parse_config("a \"b", "x"), Catch::Contains("x:1"));
    CHECK_THROWS_AS(parse_config("a \"", "x"), Error);
}
