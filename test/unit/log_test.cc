// The log file: mode, format, levels, and lines that are there at once.
#include "base/log.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>

#include "base/error.h"
#include "base/scope_exit.h"
#include "sys/fd.h"

using namespace crtool;

namespace {

class TemporaryDirectory {
  public:
    TemporaryDirectory() { REQUIRE(::mkdtemp(path_) != nullptr); }

    ~TemporaryDirectory() {
        ::unlink(file().c_str());
        ::rmdir(path_);
    }

    std::string file() const { return std::string(path_) + "/test.log"; }

  private:
    char path_[32] = "/tmp/crtool-log-XXXXXX";
};

std::string hide_digits(std::string text) {
    for (char& c : text)
        if (c >= '0' && c <= '9')
            c = 'N';
    return text;
}

}  // namespace

TEST_CASE("log: format, levels and mode") {
    TemporaryDirectory directory;
    ScopeExit back([] { log::open("", 2); });
    log::open(directory.file(), 3);
    log::error("bad {}", 1);
    log::warn("odd");
    log::info("braces {{}} and % stay");
    log::debug("not shown");
    CHECK_FALSE(log::enabled(log::Level::debug));
    std::string text = sys::read_file_at(AT_FDCWD, directory.file());
    CHECK(hide_digits(text) ==
          "(NN.NNNNNN) error: bad N\n(NN.NNNNNN) warning: odd\n"
          "(NN.NNNNNN) braces {} and % stay\n");

    struct stat info {};

    REQUIRE(::stat(directory.file().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
}

TEST_CASE("log: errors are written at every verbosity, and old content goes") {
    TemporaryDirectory directory;
    ScopeExit back([] { log::open("", 2); });
    log::open(directory.file(), 4);
    log::debug("old");
    ::chmod(directory.file().c_str(), 0644);
    log::open(directory.file(), 0);
    log::warn("not shown");
    log::error("last");
    std::string text = sys::read_file_at(AT_FDCWD, directory.file());
    CHECK(text.ends_with("error: last\n"));
    CHECK(text.find("old") == std::string::npos);
    CHECK(text.find("not shown") == std::string::npos);

    struct stat info {};

    REQUIRE(::stat(directory.file().c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0600);
}

TEST_CASE("log: a place that cannot be written to is an error") {
    CHECK_THROWS_WITH(log::open("/nowhere/at/all.log", 2), Catch::Contains("ENOENT"));
}
