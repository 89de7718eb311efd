// Files found again by inode number.
#include "sys/file_handle.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "sys/file_make.h"

using crtool::sys::search_inode;
using crtool::sys::search_inodes;

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

TEST_CASE("file_handle: directories that come and go do not end a search") {
    std::string directory = crtool::sys::make_private_directory();
    std::set<ino_t> wanted;
    for (int i = 0; i < 20; i++) {
        std::string name = fmt::format("{}/stays{}", directory, i);
        std::filesystem::create_directory(name);
        std::ofstream(name + "/file") << "x";

        struct stat st {};

        REQUIRE(::stat((name + "/file").c_str(), &st) == 0);
        wanted.insert(st.st_ino);
    }
    std::atomic<bool> over = false;
    std::thread churn([&] {
        auto name = [&](int i) { return fmt::format("{}/goes{}", directory, i); };
        while (!over) {
            for (int i = 0; i < 50; i++)
                ::mkdir(name(i).c_str(), 0700);
            for (int i = 0; i < 50; i++)
                ::rmdir(name(i).c_str());
        }
    });
    bool all = true;
    for (int i = 0; i < 500; i++)
        all = all && search_inodes(directory, wanted, 1000, false).size() == wanted.size();
    over = true;
    churn.join();
    CHECK(all);
    std::filesystem::remove_all(directory);
}
