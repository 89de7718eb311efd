// `crtool show`: values as people read them, and every section on an image with one of everything.
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <catch2/catch.hpp>

#include "cli/show_sections.h"
#include "cli/show_text.h"
#include "image_sample.h"

using namespace crtool;
using namespace crtool::cli;
using Catch::Contains;

namespace {

std::string whole_text(const image::Image& image, bool everything) {
    ShowView view(image, everything);
    std::string out;
    show_summary(view, out);
    show_tree(view, out);
    for (const image::Task& task : image.tasks)
        show_task(view, task, out);
    show_files(view, out);
    return out;
}

}  // namespace

TEST_CASE("show: values") {
    CHECK(size_text(0) == "0 B");
    CHECK(size_text(4096) == "4 KiB");
    CHECK(size_text(1536) == "1.5 KiB");
    CHECK(size_text(5ULL << 40) == "5 TiB");
    CHECK(duration_text(0) == "0 s");
    CHECK(duration_text(1'500) == "1.5 us");
    CHECK(duration_text(90'000'000'000) == "90 s");
    CHECK(printable("a\x1b[1m\n") == "a\\x1b[1m\\x0a");
    CHECK(signal_name(2) == "INT");
    CHECK(signal_name(34) == "RTMIN");
    CHECK(signal_name(64) == "RTMIN+30");
    CHECK(signal_name(32) == "32");
    CHECK(signal_name(4'000'000'000) == "4000000000");
    CHECK(signal_set(0) == "none");
    CHECK(signal_set(0x4002) == "INT TERM");
    CHECK(signal_set(~0ULL) == "all");
    CHECK(capability_set(0) == "none");
    CHECK(capability_set((1ULL << 41) - 1) == "all");
    CHECK(capability_set(0x21) == "chown kill");
    CHECK(capability_set(((1ULL << 41) - 1) & ~(1ULL << 21)) == "all but sys_admin");
    CHECK(protection(5) == "r-x");
    CHECK(wait_status_text(7 << 8) == "exit 7");
    CHECK(wait_status_text(0x8b) == "killed by SEGV, core dumped");
}

TEST_CASE("show: columns line up, whatever the alphabet") {
    Table table("  ", {{"A", Table::Align::right}, {"NAME"}, {"LAST"}});
    table.add({"1", "é", "x"});
    table.add({"100", "abcdef", ""});
    std::string out;
    table.print(out);
    CHECK(out ==
          "    A  NAME    LAST\n"
          "    1  é       x\n"
          "  100  abcdef\n");
}

TEST_CASE("show: the tree is drawn") {
    image::Image image = image::sample::make_whole_image();
    image::sample::add_task(image, 104, 100);
    ShowView view(image, false);
    std::string out;
    show_tree(view, out);
    CHECK_THAT(out, Contains("running      sample") || Contains("sample\n"));
    CHECK_THAT(out, Contains("├─ sample"));
    CHECK_THAT(out, Contains("│  └─ sample"));
    CHECK_THAT(out, Contains("zombie, exit 7"));
    CHECK_THAT(out, Contains("stopped by TSTP"));
}

TEST_CASE("show: what people look for is there") {
    std::string out = whole_text(image::sample::make_whole_image(), false);
    for (const char* text :
         {"Image of 3 tasks", "/usr/bin/true", "/tmp/gone (deleted)", "pipe 1, write end",
          "eventfd, counter 1099511627776", "timerfd, in 5 ms", "memfd name, 12 KiB",
          "terminal /dev/pts/0", "POSIX timer", "ALRM to thread 102", "handles       USR1",
          "pending       USR2 for thread 102", "umask 0022", "anonymous", "of the kernel"})
        CHECK_THAT(out, Contains(text));
    CHECK_THAT(out, !Contains("rax"));
}

TEST_CASE("show: -v leaves nothing out") {
    std::string out = whole_text(image::sample::make_whole_image(), true);
    for (const char* text : {"rax 0", "nofile 1024/unlimited", "601000-603000", "inherited",
                             "extended registers 832 B", "CONTENT", "WATCHES", "xcr0"})
        CHECK_THAT(out, Contains(text));
}

TEST_CASE("show: an image that a restore would refuse is shown as well") {
    image::Image image = image::sample::make_whole_image();
    image.files.clear();
    image.pipes.clear();
    image.tasks[1].set_ppid(101);
    image.tasks[2].set_state(static_cast<image::Task::State>(77));
    image.tasks[0].mutable_mm()->mutable_areas()->SwapElements(0, 3);
    image.page_indexes[0].mutable_runs(0)->set_from(static_cast<image::PageRun::From>(9));
    image.tasks[0].mutable_shared_pending(0)->clear_info();
    image.tasks[0].mutable_actions(0)->set_signal(500);
    CHECK_THAT(whole_text(image, true), Contains("which is missing"));
}

TEST_CASE("show: JSON is complete, and JSON") {
    image::Image image = image::sample::make_whole_image();
    image.files[1].mutable_regular()->set_path("/\xc3\xa9\"\n\xff\xed\xa0\x80");
    image.pipes[0].set_data("ab");
    std::string out;
    show_json(image, out);
    for (const char* text :
         {"{\"inventory\":{", "\"tasks\":[", "\"seccomp_filters\":[", "\"files\":[", "\"pipes\":[",
          "\"page_indexes\":[", "\"contents\":[", "\"pieces\":{", "\"start\":\"0x400000\"",
          "\"kind\":\"FILE\"", "\"counter\":\"0x10000000000\"", "\"data\":\"YWI=\"",
          "\"path\":\"/\xc3\xa9\\\"\\u000a\\udcff\\udced\\udca0\\udc80\"", "\"size\":\"12288\""})
        CHECK_THAT(out, Contains(text));
    // Lone surrogates are beyond protobuf's reader.
    image.files[1].mutable_regular()->set_path("/plain");
    out.clear();
    show_json(image, out);
    google::protobuf::Struct anything;
    CHECK(google::protobuf::util::JsonStringToMessage(out, &anything).ok());
    CHECK(anything.fields().at("tasks").list_value().values_size() == 3);
}
