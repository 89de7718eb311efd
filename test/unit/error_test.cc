// Errors and the trail that says where they happened.
#include "base/error.h"

#include <errno.h>

#include <catch2/catch.hpp>
#include <thread>

#include "base/scope_exit.h"

using namespace crtool;

TEST_CASE("error: message, errno and context trail") {
    ErrorContext task("task", 41);
    std::string text;
    {
        ErrorContext object("eventfd", 7);
        Error error(Errc::system, EACCES, "cannot open");
        text = error.what();
        CHECK(error.code() == Errc::system);
        CHECK(error.err() == EACCES);
    }
    CHECK(text == "task 41: eventfd 7: cannot open: Permission denied (EACCES)");
    CHECK(ErrorContext::trail() == "task 41: ");
}

TEST_CASE("error: without errno or id") {
    ErrorContext phase("reading the inventory");
    CHECK_THROWS_WITH(fail(Errc::bad_image, "{} is {}", "it", "damaged"),
                      "reading the inventory: it is damaged");
    CHECK_THROWS_WITH(fail_errno(ENOENT, "no {}", 1), Catch::Contains("ENOENT"));
}

TEST_CASE("error: a trail belongs to its thread") {
    ErrorContext here("here");
    std::string trail = "unset";
    std::thread([&] { trail = ErrorContext::trail(); }).join();
    CHECK(trail.empty());
}

TEST_CASE("error: unknown errno values have a text too") {
    CHECK(errno_text(99999) == "error (99999)");
}

TEST_CASE("scope_exit runs unless released") {
    int runs = 0;
    {
        ScopeExit counted([&] { ++runs; });
    }
    CHECK(runs == 1);
    {
        ScopeExit counted([&] { ++runs; });
        counted.release();
    }
    CHECK(runs == 1);
}
