// Other names of deleted files are sought apart from the dump that asks for them.
#include "dump/other_names.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sys/file_make.h"

using crtool::dump::OtherNames;

TEST_CASE("other_names: a name is told when it was sought, and sought again when it has changed") {
    std::string directory = crtool::sys::make_private_directory() + "/";
    std::filesystem::create_directory(directory + "below");
    std::string name = directory + "below/file";
    std::ofstream(name.c_str()) << "x";

    struct stat st {};

    REQUIRE(::stat(name.c_str(), &st) == 0);
    std::atomic<bool> cancelled = false;
    OtherNames names;
    CHECK(!names.of(st, directory));
    REQUIRE(names.any_to_seek());
    names.seek(cancelled);
    CHECK(!names.any_to_seek());
    CHECK(names.of(st, directory) == name);

    std::filesystem::rename(name, directory + "other");
    CHECK(!names.of(st, directory));
    names.seek(cancelled);
    CHECK(names.of(st, directory) == directory + "other");
    std::filesystem::remove_all(directory);
}
