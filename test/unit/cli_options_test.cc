// Values that CLI11 does not check, the final sentence, and JSON text.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "cli/common_options.h"
#include "cli/exit_code.h"
#include "cli/job.h"
#include "cli/json.h"

using crtool::Errc;
using crtool::Error;
using namespace crtool::cli;

TEST_CASE("sizes have units") {
    CHECK(parse_size("0", "-x") == 0);
    CHECK(parse_size("512", "-x") == 512);
    CHECK(parse_size("10K", "-x") == 10 << 10);
    CHECK(parse_size("1M", "-x") == 1 << 20);
    CHECK(parse_size("3G", "-x") == 3ULL << 30);
    for (const char* bad :
         {"", "M", "-1", "1T", "1MB", "1 M", "99999999999999999999", "18446744073709551615K"})
        CHECK_THROWS_WITH(parse_size(bad, "--ghost-limit"), Catch::Contains("--ghost-limit"));
}

TEST_CASE("a choice is one of its names") {
    CHECK(parse_choice("b", {"a", "b"}, "-x") == 1);
    CHECK_THROWS_WITH(parse_choice("c", {"a", "b"}, "-x"), Catch::Contains("a, b"));
}

TEST_CASE("the first line of an error is said last") {
    Error one(Errc::system, 0, "no luck");
    CHECK(describe("dump of task 4", one) ==
          std::vector<std::string>{"dump of task 4 failed: no luck"});
    Error two(Errc::unsupported, 0, "two problems\ntask 1: x\ntask 2: y");
    CHECK(describe("dump", two) ==
          std::vector<std::string>{"task 1: x", "task 2: y", "dump refused: two problems"});
    Error stopped(Errc::cancelled, 0, "by SIGINT");
    CHECK(describe("dump", stopped).back() == "dump stopped: by SIGINT");
}

TEST_CASE("exit codes are the documented ones") {
    CHECK(exit_code(Errc::system) == 1);
    CHECK(exit_code(Errc::internal) == 1);
    CHECK(exit_code(Errc::usage) == 2);
    CHECK(exit_code(Errc::unsupported) == 3);
    CHECK(exit_code(Errc::bad_image) == 4);
    CHECK(exit_code(Errc::gone) == 5);
    CHECK(exit_code(Errc::cancelled) == 6);
}

TEST_CASE("JSON text is quoted") {
    JsonObject object;
    object.add("name", "a\"b\\c\n");
    object.add("works", true);
    object.add("count", 3);
    CHECK(object.text() == R"({"name":"a\"b\\c\u000a","works":true,"count":3})");
}
