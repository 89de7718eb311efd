// Damage of every kind is found before anything is restored.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "base/error.h"
#include "image/page_verify.h"
#include "image/record_stream.h"
#include "image_sample.h"

using namespace crtool;
using namespace crtool::image;
using crtool::image::sample::TemporaryDir;

namespace {

const std::vector<std::string> kNames = {"inventory.img", "tasks.img", "files.img", "memory.img",
                                         "pages.img"};

std::string slurp(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

void spit(const std::string& path, const std::string& text) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
}

// The verdict on the whole image; empty when it is good.
std::string verdict(const TemporaryDir& dir) {
    try {
        Reader reader(dir.path());
        Image image = reader.load();
        validate(image);
        verify_pages(reader.pages_fd(), image.pieces, 1);
        return {};
    } catch (const Error& error) {
        return error.code() == Errc::bad_image ? error.what() : std::string();
    }
}

}  // namespace

TEST_CASE("image: a flip of any bit of any file is refused") {
    TemporaryDir dir;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    REQUIRE(verdict(dir).empty());
    for (const std::string& name : kNames) {
        std::string good = slurp(dir.file(name));
        // Every byte of the records, a sample of the pages.
        size_t step = name == kPagesName ? 997 : 1;
        size_t accepted = 0;
        for (size_t at = 0; at < good.size(); at += step) {
            std::string bad = good;
            bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
            spit(dir.file(name), bad);
            accepted += verdict(dir).empty() ? 1 : 0;
        }
        CHECK(accepted == 0);
        spit(dir.file(name), good);
    }
    CHECK(verdict(dir).empty());
}

TEST_CASE("image: a truncated, longer or missing file is refused by name") {
    TemporaryDir dir;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    for (const std::string& name : kNames) {
        std::string good = slurp(dir.file(name));
        for (size_t size : {size_t{0}, size_t{1}, size_t{20}, good.size() / 2, good.size() - 1}) {
            spit(dir.file(name), good.substr(0, size));
            CHECK_THAT(verdict(dir), Catch::Contains(name));
        }
        spit(dir.file(name), good + "x");
        CHECK_THAT(verdict(dir), Catch::Contains(name));
        std::filesystem::remove(dir.file(name));
        CHECK_THAT(verdict(dir), Catch::Contains(name) && Catch::Contains("missing"));
        spit(dir.file(name), good);
    }
}

TEST_CASE("image: a file of another image is refused") {
    TemporaryDir dir;
    TemporaryDir other;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    sample::write_image(other.path(), image);
    for (const char* name : kRecordFileNames) {
        std::string good = slurp(dir.file(name));
        spit(dir.file(name), slurp(other.file(name)));
        CHECK_THAT(verdict(dir), Catch::Contains("another image"));
        spit(dir.file(name), good);
    }
    std::string tasks = slurp(dir.file("tasks.img"));
    std::filesystem::rename(dir.file("files.img"), dir.file("tasks.img"));
    spit(dir.file("files.img"), tasks);
    CHECK_FALSE(verdict(dir).empty());
}

TEST_CASE("image: no directory, and a directory without an image") {
    TemporaryDir dir;
    CHECK_THAT(verdict(dir), Catch::Contains("no image"));
    CHECK_THROWS_WITH(Reader(dir.file("nowhere")), Catch::Contains("nowhere"));
    std::filesystem::create_directory(dir.file("inventory.img"));
    CHECK_THAT(verdict(dir), Catch::Contains("not a regular file"));
}

TEST_CASE("image: another format version is named") {
    TemporaryDir dir;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    std::string text = slurp(dir.file("inventory.img"));
    text[8] = 7;
    spit(dir.file("inventory.img"), text);
    CHECK_THAT(verdict(dir), Catch::Contains("format 7"));
}

TEST_CASE("image: verify_pages names the place and stops when told") {
    TemporaryDir dir;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    Reader reader(dir.path());
    Pieces pieces = reader.load().pieces;
    for (unsigned threads : {0U, 1U, 2U, 8U})
        CHECK_NOTHROW(verify_pages(reader.pages_fd(), pieces, threads));
    pieces.mutable_stretches(0)->set_xxh3(1, 5);
    for (unsigned threads : {1U, 3U})
        CHECK_THROWS_WITH(verify_pages(reader.pages_fd(), pieces, threads),
                          Catch::Contains("24576 bytes at 0x40000"));
    std::atomic<bool> cancelled = true;
    CHECK_NOTHROW(verify_pages(reader.pages_fd(), pieces, 1, &cancelled));
}

TEST_CASE("image: records that do not hold together are refused") {
    // Digests that fit, so that only the framing is wrong.
    auto load = [](std::string_view text, RecordFile file) {
        Image image;
        parse_records(file, text, image);
    };
    CHECK_NOTHROW(load("", RecordFile::tasks));
    CHECK_THROWS_AS(load(std::string_view("\1\5ab", 4), RecordFile::tasks), Error);
    CHECK_THROWS_AS(load(std::string_view("\1", 1), RecordFile::tasks), Error);
    CHECK_THROWS_AS(load("\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", RecordFile::tasks), Error);
    CHECK_THROWS_AS(load(std::string_view("\3\0", 2), RecordFile::tasks), Error);
    CHECK_THROWS_AS(load(std::string_view("\x63\0", 2), RecordFile::files), Error);
    CHECK_THROWS_AS(load("", RecordFile::memory), Error);
    CHECK_NOTHROW(load(std::string_view("\6\0", 2), RecordFile::memory));
    CHECK_THROWS_AS(load(std::string_view("\6\0\6\0", 4), RecordFile::memory), Error);
}
