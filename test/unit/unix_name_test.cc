// From where a bound name leads to its file.
#include "dump/unix_name.h"

#include <catch2/catch.hpp>

using crtool::dump::base_of;

TEST_CASE("the rest of a path is the directory that a name starts from", "[unix_name]") {
    CHECK(base_of("/run/x", "/run/x") == "/");
    CHECK(base_of("/run/x", "/jail/run/x") == "/jail");
    CHECK(base_of("x", "/run/x") == "/run");
    CHECK(base_of("./d/x", "/run/d/x") == "/run");
    CHECK(base_of("x", "/x") == "/");
}

TEST_CASE("a name that is no end of the path tells nothing", "[unix_name]") {
    CHECK(base_of("/var/run/x", "/run/x").empty());
    CHECK(base_of("x", "/run/yx").empty());
    CHECK(base_of("../x", "/run/../x").empty());
}
