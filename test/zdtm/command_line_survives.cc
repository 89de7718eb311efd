// Command line, environment and auxiliary vector are the same in memory and in /proc, also the
// argument that the program has overwritten to rename itself.
#include <elf.h>
#include <sys/auxv.h>

#include <cstring>

#include "zdtm.h"

namespace {

std::string proc(const char* name) {
    return zdtm::read_file(std::string("/proc/self/") + name);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* first = argv[0];
    memcpy(first, "renamed", 7);
    const std::string command_line = proc("cmdline");
    const std::string environment = proc("environ");
    const std::string vector = proc("auxv");
    const std::string random(reinterpret_cast<const char*>(getauxval(AT_RANDOM)), 16);
    CHECK_EQ(command_line.substr(0, 7), "renamed");
    CHECK(!environment.empty() && !vector.empty());

    zdtm::checkpoint_here();

    CHECK(proc("cmdline") == command_line);
    CHECK(proc("environ") == environment);
    CHECK(proc("auxv") == vector);
    CHECK_EQ(argv[0], first);
    CHECK_EQ(std::string(argv[1]), command_line.substr(strlen(argv[0]) + 1, strlen(argv[1])));
    CHECK_EQ(environment.substr(0, strlen(environ[0])), environ[0]);
    CHECK(random == std::string(reinterpret_cast<const char*>(getauxval(AT_RANDOM)), 16));
    memcpy(first, "RENAMED", 7);
    CHECK_EQ(proc("cmdline").substr(0, 7), "RENAMED");
    zdtm::pass();
}
