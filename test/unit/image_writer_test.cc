// Image directories as a Writer leaves them: whole, or not there.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "base/error.h"
#include "image_sample.h"

using namespace crtool;
using namespace crtool::image;
using crtool::image::sample::TemporaryDir;

namespace {

size_t files_in(const TemporaryDir& dir) {
    auto list = std::filesystem::directory_iterator(dir.path());
    return static_cast<size_t>(std::distance(begin(list), end(list)));
}

}  // namespace

TEST_CASE("image: what is written is read") {
    TemporaryDir dir;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    REQUIRE(files_in(dir) == 5);
    Reader reader(dir.path());
    Image back = reader.load();
    CHECK(back.inventory.SerializeAsString() == image.inventory.SerializeAsString());
    REQUIRE(back.tasks.size() == image.tasks.size());
    for (size_t i = 0; i < back.tasks.size(); ++i)
        CHECK(back.tasks[i].SerializeAsString() == image.tasks[i].SerializeAsString());
    REQUIRE(back.files.size() == image.files.size());
    for (size_t i = 0; i < back.files.size(); ++i)
        CHECK(back.files[i].SerializeAsString() == image.files[i].SerializeAsString());
    CHECK(back.pipes.size() == 1);
    CHECK(back.filters.size() == 1);
    CHECK(back.page_indexes.size() == 2);
    CHECK(back.contents.size() == 3);
    CHECK(back.pieces.SerializeAsString() == image.pieces.SerializeAsString());
    CHECK(reader.pages() == sample::kPages);
    CHECK_NOTHROW(validate(back));
}

TEST_CASE("image: files are private") {
    TemporaryDir dir;
    Image image = sample::make_image();
    mode_t before = ::umask(0);
    sample::write_image(dir.path(), image);
    ::umask(before);
    for (const auto& entry : std::filesystem::directory_iterator(dir.path()))
        CHECK(entry.status().permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
}

TEST_CASE("image: without commit nothing is left") {
    TemporaryDir dir;
    {
        Writer writer(dir.path(), Overwrite::no);
        writer.add(Task());
        CHECK(files_in(dir) == 4);
    }
    CHECK(files_in(dir) == 0);
}

TEST_CASE("image: an old image stays until the new one is complete") {
    TemporaryDir dir;
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    CHECK_THROWS_WITH(Writer(dir.path(), Overwrite::no), Catch::Contains("--overwrite"));
    { Writer abandoned(dir.path(), Overwrite::yes); }
    CHECK(Reader(dir.path()).inventory().image_id() == image.inventory.image_id());
    Image second = sample::make_image();
    sample::write_image(dir.path(), second, Overwrite::yes);
    CHECK(files_in(dir) == 5);
    CHECK(second.inventory.image_id() != image.inventory.image_id());
    CHECK(Reader(dir.path()).inventory().image_id() == second.inventory.image_id());
}

TEST_CASE("image: temporaries of a dead run are replaced, those of a living one respected") {
    TemporaryDir dir;
    std::ofstream(dir.file("tasks.img.tmp")) << "left over";
    std::ofstream(dir.file("inventory.img.tmp")) << "left over";
    Image image = sample::make_image();
    sample::write_image(dir.path(), image);
    CHECK(files_in(dir) == 5);
    CHECK_NOTHROW(Reader(dir.path()).load());
    Writer living(dir.path(), Overwrite::yes);
    CHECK_THROWS_WITH(Writer(dir.path(), Overwrite::yes), Catch::Contains("another crtool"));
}

TEST_CASE("image: a file size limit is an error with the path") {
    TemporaryDir dir;
    auto* before = ::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ::getrlimit(RLIMIT_FSIZE, &old);
    rlimit small{100, old.rlim_max};
    {
        Writer writer(dir.path(), Overwrite::no);
        ::setrlimit(RLIMIT_FSIZE, &small);
        Task task;
        task.set_comm("x");
        Pieces pieces;
        for (int i = 0; i < 30; ++i)
            writer.add(task);
        writer.add(pieces);
        Inventory inventory;
        CHECK_THROWS_WITH(writer.commit(inventory), Catch::Contains(dir.file("tasks.img")));
    }
    ::setrlimit(RLIMIT_FSIZE, &old);
    CHECK(::signal(SIGXFSZ, before) == SIG_IGN);
    CHECK(files_in(dir) == 0);
}

TEST_CASE("image: a directory that is not there is named") {
    TemporaryDir dir;
    CHECK_THROWS_WITH(Writer(dir.file("missing"), Overwrite::no), Catch::Contains("missing"));
}

TEST_CASE("image: commit can be made durable") {
    TemporaryDir dir;
    Writer writer(dir.path(), Overwrite::no);
    writer.add(Pieces());
    Inventory inventory;
    writer.commit(inventory, Durability::full);
    CHECK(files_in(dir) == 5);
}

TEST_CASE("image: large records cross the buffer") {
    TemporaryDir dir;
    Writer writer(dir.path(), Overwrite::no);
    FileRecord record;
    for (uint32_t i = 0; i < 40; ++i) {
        record.mutable_pipe()->set_id(i + 1);
        record.mutable_pipe()->set_data(std::string(100'000, static_cast<char>('a' + i % 26)));
        writer.add(record);
    }
    LocalPageWriter pages(writer.pages_fd());
    writer.add(pages.finish());
    Inventory inventory;
    writer.commit(inventory);
    Image back = Reader(dir.path()).load();
    REQUIRE(back.pipes.size() == 40);
    CHECK(back.pipes[39].data() == std::string(100'000, 'n'));
}

TEST_CASE("image: nothing is left when it cannot even begin") {
    TemporaryDir dir;
    // A directory in the place of the second file cannot be removed with unlink(2).
    std::filesystem::create_directory(dir.file("files.img.tmp"));
    CHECK_THROWS_WITH(Writer(dir.path(), Overwrite::no), Catch::Contains("files.img.tmp"));
    CHECK(files_in(dir) == 1);
}
