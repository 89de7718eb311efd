// Files found again by inode number.
#include "sys/file_handle.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "sys/file_make.h"

using crtool::sys::search_inode;

TEST_CASE("file_handle: a search finds an inode below a directory, or says that there is none") {
    std::string directory = crtool::sys::make_private_directory();
    std::filesystem::create_directories(directory + "/a/b");
    std::ofstream(directory + "/a/b/file") << "x";

    struct stat st {};

    REQUIRE(::stat((directory + "/a/b/file").c_str(), &st) == 0);
    CHECK(search_inode(directory, st.st_ino, 100) == directory + "/a/b/file");
    CHECK(!search_inode(directory, st.st_ino, 1));
    REQUIRE(::stat(directory.c_str(), &st) == 0);
    CHECK(search_inode(directory, st.st_ino, 100) == directory);
    std::filesystem::remove_all(directory);
    CHECK(!search_inode(directory, st.st_ino, 100));
}
