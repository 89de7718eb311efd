// validate() on memory, files and contents.
#include <linux/if_tun.h>
#include <linux/rtnetlink.h>

#include <catch2/catch.hpp>
#include <chrono>

#include "image/validate.h"
#include "image_refusals.h"

using namespace crtool;
using namespace crtool::image;
using namespace crtool::image::sample;

TEST_CASE("validate: areas") {
    check_refusals({
        {"lacks an address space", [](Image& i) { root(i).clear_mm(); }},
        {"cannot have an address space", [](Image& i) { child(i).set_shares_vm(100); }},
        {"no range of pages", [](Image& i) { area(i, 1).set_start(0x600001); }},
        {"no range of pages", [](Image& i) { area(i, 1).set_end(0x600000); }},
        {"overlaps", [](Image& i) { area(i, 1).set_start(0x401000); }},
        {"overlaps", [](Image& i) { root(i).mutable_mm()->mutable_areas()->SwapElements(0, 1); }},
        {"outside user space", [](Image& i) { area(i, 0).set_start(0); }},
        {"outside user space", [](Image& i) { area(i, 3).set_end(0x7ffffffff000 + 4096); }},
        {"vsyscall", [](Image& i) { area(i, 4).set_end(0xffffffffff602000); }},
        {"protection", [](Image& i) { area(i, 1).set_prot(8); }},
        {"kind 9", [](Image& i) { area(i, 1).set_kind(static_cast<Area::Kind>(9)); }},
        {"shared or of a file", [](Image& i) { area(i, 1).set_shared(true); }},
        {"shared or of a file", [](Image& i) { area(i, 1).set_file(2); }},
        {"open file 50", [](Image& i) { area(i, 0).set_file(50); }},
        {"cannot be mapped", [](Image& i) { area(i, 0).set_file(6); }},
        {"content 50", [](Image& i) { area(i, 2).set_file(50); }},
        {"offset 0x1", [](Image& i) { area(i, 0).set_offset(1); }},
        {"offset", [](Image& i) { area(i, 0).set_offset(0x7ffffffffffff000); }},
        {"grows down", [](Image& i) { area(i, 0).set_growsdown(true); }},
        {"NUL", [](Image& i) { area(i, 0).set_name(std::string(1, '\0')); }},
        {"its memory policy is 0x7", [](Image& i) { area(i, 2).mutable_policy()->set_mode(7); }},
        {"7 bytes of nodes",
         [](Image& i) { area(i, 2).mutable_policy()->set_nodes(std::string(7, '\1')); }},
        {"2 vdsos", [](Image& i) { area(i, 2).set_kind(Area::VDSO); }},
        {"too large",
         [](Image& i) {
             area(i, 1).set_end(0x6f0000);
             area(i, 1).set_kind(Area::FILE);
             area(i, 1).set_file(2);
             area(i, 3).set_start(0x7fff00000000);
         }},
        {"brk", [](Image& i) { root(i).mutable_mm()->set_brk(0x5ff000); }},
        {"env_end", [](Image& i) { root(i).mutable_mm()->set_env_end(~0ULL); }},
        {"auxiliary", [](Image& i) { root(i).mutable_mm()->set_auxv("x"); }},
        {"LDT", [](Image& i) { root(i).mutable_mm()->set_ldt("x"); }},
        {"mlockall", [](Image& i) { root(i).mutable_mm()->set_def_flags_mlock(1); }},
    });
}

namespace {

ProtectionKeys& keys_of_root(Image& i) {
    i.inventory.mutable_cpu()->add_features("ospke");
    area(i, 0).set_pkey(2);
    ProtectionKeys& keys = *root(i).mutable_mm()->mutable_protection_keys();
    keys.set_allocated(1 << 1);
    return keys;
}

}  // namespace

TEST_CASE("validate: a key that is used and not allocated is no harm") {
    Image image = make_whole_image();
    keys_of_root(image);
    CHECK_NOTHROW(validate(image));
}

TEST_CASE("validate: protection keys") {
    check_refusals({
        {"its protection key is 2", [](Image& i) { area(i, 0).set_pkey(2); }},
        {"its CPU has not",
         [](Image& i) {
             keys_of_root(i);
             i.inventory.mutable_cpu()->clear_features();
         }},
        {"protection key is 16",
         [](Image& i) {
             keys_of_root(i);
             area(i, 0).set_pkey(16);
         }},
        {"the kernel's, with",
         [](Image& i) {
             keys_of_root(i);
             area(i, 1).set_pkey(1);
             area(i, 1).set_kind(Area::VVAR);
         }},
        {"keys are 0x10000", [](Image& i) { keys_of_root(i).set_allocated(1 << 16); }},
        {"executed only is 3", [](Image& i) { keys_of_root(i).set_execute_only(3); }},
        {"executed only is 1", [](Image& i) { keys_of_root(i).set_execute_only(1); }},
        {"can be executed only",
         [](Image& i) {
             area(i, 0).set_prot(7);
             keys_of_root(i).set_execute_only(2);
         }},
    });
}

TEST_CASE("validate: runs of pages") {
    check_refusals({
        {"no page index", [](Image& i) { i.page_indexes.pop_back(); }},
        {"a page index", [](Image& i) { i.page_indexes.emplace_back().set_pid(103); }},
        {"no range", [](Image& i) { run(i, 1).set_address(0x600001); }},
        {"no range", [](Image& i) { run(i, 1).set_pages(0); }},
        {"no range", [](Image& i) { run(i, 1).set_pages(UINT64_MAX / 4096); }},
        {"no range", [](Image& i) { run(i, 2).set_address(0xffffffffff600000); }},
        {"overlap", [](Image& i) { run(i, 1).set_address(0x401000); }},
        {"pages in pages.img", [](Image& i) { run(i, 1).set_page_index(7); }},
        {"pages in pages.img", [](Image& i) { run(i, 1).set_page_index(UINT64_MAX - 1); }},
        {"where they are from",
         [](Image& i) { run(i, 2).set_from(static_cast<PageRun::From>(7)); }},
        {"no area at 500000", [](Image& i) { run(i, 0).set_address(0x500000); }},
        {"no area at 402000", [](Image& i) { run(i, 0).set_pages(2); }},
        {"no pages of its own",
         [](Image& i) {
             run(i, 2).set_address(0x700000);
             run(i, 2).set_from(PageRun::STORED);
         }},
        {"no pages of its own",
         [](Image& i) {
             run(i, 2).set_address(0x6ff000);
             run(i, 2).set_pages(2);
             run(i, 2).set_from(PageRun::STORED);
         }},
        {"no pages of its own", [](Image& i) { run(i, 2).set_address(0x7ffff7fc1000); }},
        {"there is no parent", [](Image& i) { run(i, 0).set_from(PageRun::INHERITED); }},
        {"the parent has none at 640000",
         [](Image& i) {
             PageRun& inherited = *i.page_indexes[1].mutable_runs(0);
             inherited.set_address(0x63f000);
             i.page_indexes[1].mutable_runs()->RemoveLast();
         }},
        {"the parent has none at 6f0000",
         [](Image& i) {
             i.page_indexes[1].mutable_runs()->SwapElements(0, 1);
             i.page_indexes[1].mutable_runs(1)->set_address(0x6f0000);
             i.page_indexes[1].mutable_runs(1)->set_pages(1);
         }},
    });
}

TEST_CASE("validate: shared memory may have guards") {
    Image image = make_whole_image();
    run(image, 2).set_address(0x700000);
    CHECK_NOTHROW(validate(image));
}

TEST_CASE("validate: contents and pieces") {
    auto extent = [](Image& i) -> Content::Extent& { return *i.contents[0].mutable_extents(0); };
    auto stretch = [](Image& i) -> Pieces::Stretch& { return *i.pieces.mutable_stretches(0); };
    check_refusals({
        {"out of order", [=](Image& i) { extent(i).set_offset(1); }},
        {"out of order", [=](Image& i) { extent(i).set_offset(3 * 4096); }},
        {"out of order", [=](Image& i) { extent(i).set_length(3 * 4096); }},
        {"out of order", [=](Image& i) { extent(i).set_length(0); }},
        {"out of order", [=](Image& i) { extent(i).set_length(UINT64_MAX); }},
        {"out of order", [=](Image& i) { *i.contents[0].add_extents() = extent(i); }},
        {"beyond the end", [=](Image& i) { extent(i).set_page_index(69); }},
        {"its size", [](Image& i) { i.contents[1].set_size(UINT64_MAX); }},
        {"pieces of 1 bytes", [](Image& i) { i.pieces.set_piece_bytes(1); }},
        {"cover 0 of 70", [](Image& i) { i.pieces.clear_stretches(); }},
        {"do not follow", [=](Image& i) { stretch(i).set_page_index(1); }},
        {"do not follow", [=](Image& i) { stretch(i).set_pages(71); }},
        {"do not follow", [=](Image& i) { stretch(i).set_pages(0); }},
        {"cover 69 of 70", [=](Image& i) { stretch(i).set_pages(69); }},
        {"1 digests", [=](Image& i) { stretch(i).mutable_xxh3()->RemoveLast(); }},
    });
}

TEST_CASE("validate: open files") {
    auto regular = [](Image& i) -> RegularFile& { return *file(i, 3).mutable_regular(); };
    auto epoll = [](Image& i) -> EpollWatch& {
        return *file(i, 9).mutable_epoll()->mutable_watches(0);
    };
    check_refusals({
        {"kind that this crtool does not know", [](Image& i) { file(i, 6).clear_object(); }},
        {"one that no open file has", [](Image& i) { file(i, 2).set_flags(O_TRUNC); }},
        {"one that no open file has", [](Image& i) { file(i, 2).set_flags(O_CREAT); }},
        {"one that no open file has", [](Image& i) { file(i, 2).set_flags(O_CLOEXEC); }},
        {"its flags", [](Image& i) { file(i, 2).set_flags(1U << 30); }},
        {"its position", [](Image& i) { file(i, 2).set_pos(UINT64_MAX); }},
        {"F_SETOWN", [](Image& i) { file(i, 2).mutable_owner()->set_type(3); }},
        {"F_SETOWN", [](Image& i) { file(i, 2).mutable_owner()->set_pid(-(1 << 22)); }},
        {"F_SETSIG", [](Image& i) { file(i, 2).mutable_owner()->set_signal(65); }},
        {"not absolute", [=](Image& i) { regular(i).set_path("etc"); }},
        {"not absolute", [=](Image& i) { regular(i).clear_path(); }},
        {"NUL", [=](Image& i) { regular(i).set_path(std::string("/a\0", 3)); }},
        {"kernel's form", [=](Image& i) { regular(i).set_path("/a/../b"); }},
        {"kernel's form", [=](Image& i) { regular(i).set_path("/a//b"); }},
        {"kernel's form", [=](Image& i) { regular(i).set_path("/a/"); }},
        {"kernel's form", [=](Image& i) { regular(i).set_path("/."); }},
        {"4096 bytes", [=](Image& i) { regular(i).set_path("/" + std::string(4095, 'a')); }},
        {"its mode", [=](Image& i) { regular(i).set_mode(0644); }},
        {"its mode", [=](Image& i) { regular(i).set_mode(0170644); }},
        {"its size", [=](Image& i) { regular(i).set_size(UINT64_MAX); }},
        {"lacks its content", [=](Image& i) { regular(i).clear_content(); }},
        {"needs no content", [=](Image& i) { regular(i).set_deleted(false); }},
        {"another size", [=](Image& i) { regular(i).set_size(5); }},
        {"its group", [=](Image& i) { regular(i).set_gid(UINT32_MAX); }},
        {"pipe 9", [](Image& i) { file(i, 4).mutable_pipe()->set_pipe(9); }},
        {"counter", [](Image& i) { file(i, 6).mutable_eventfd()->set_counter(UINT64_MAX); }},
        {"clock", [](Image& i) { file(i, 7).mutable_timerfd()->set_clock(4); }},
        {"flags", [](Image& i) { file(i, 7).mutable_timerfd()->set_settime_flags(4); }},
        {"its interval", [](Image& i) { file(i, 7).mutable_timerfd()->set_interval_ns(~0ULL); }},
        {"watches descriptor", [=](Image& i) { epoll(i).set_fd(UINT32_MAX); }},
        {"open file 44", [=](Image& i) { epoll(i).set_file(44); }},
        {"watches itself", [=](Image& i) { epoll(i).set_file(9); }},
        {"watches itself", [=](Image& i) { epoll(i).set_file(10); }},
        {"its name has 250",
         [](Image& i) { file(i, 11).mutable_memfd()->set_name(std::string(250, 'x')); }},
        {"content 8", [](Image& i) { file(i, 11).mutable_memfd()->set_content(8); }},
        {"seals", [](Image& i) { file(i, 11).mutable_memfd()->set_seals(0x40); }},
        {"mode", [](Image& i) { file(i, 11).mutable_memfd()->set_mode(1 << 16); }},
        {"looks different",
         [](Image& i) {
             OpenFile& twin = i.files.emplace_back(file(i, 11));
             twin.set_id(15);
             twin.mutable_memfd()->set_seals(1);
         }},
        {"the process 102, which", [](Image& i) { file(i, 6).mutable_pidfd()->set_pid(102); }},
        {"the thread 7, which",
         [](Image& i) {
             file(i, 6).mutable_pidfd()->set_pid(7);
             file(i, 6).mutable_pidfd()->set_of_thread(true);
         }},
        {"wait status 0x7f", [](Image& i) { file(i, 6).mutable_pidfd()->set_exit_status(0x7f); }},
        {"no key", [](Image& i) { file(i, 6).mutable_external(); }},
        {"is not external",
         [](Image& i) {
             file(i, 6).mutable_external()->set_key("x");
             file(i, 6).mutable_external()->set_tty(1);
         }},
        {"4097 bytes", [](Image& i) { file(i, 6).set_resource(std::string(4097, 'x')); }},
        {"a task that has gone", [=](Image& i) { regular(i).set_of_dead_task(true); }},
        {"not absolute", [](Image& i) { file(i, 12).mutable_terminal()->set_path("tty"); }},
        {"terminal 2", [](Image& i) { file(i, 13).mutable_terminal()->set_tty(2); }},
        {"no master", [](Image& i) { file(i, 13).mutable_terminal()->set_master(false); }},
        {"second master", [](Image& i) { file(i, 14).mutable_terminal()->set_master(true); }},
        {"without one", [](Image& i) { i.ttys[0].set_device(true); }},
        {"was not hung up",
         [](Image& i) {
             i.ttys[0].set_without_master(true);
             file(i, 13).mutable_terminal()->set_master(false);
         }},
        {"settings have 43 bytes", [](Image& i) { i.ttys[0].set_termios(std::string(43, '\0')); }},
        {"number is 1048576", [](Image& i) { i.ttys[0].set_index(1 << 20); }},
        {"its size is 65536", [](Image& i) { i.ttys[0].set_rows(65536); }},
        {"empty and does not end", [](Image& i) { i.ttys[0].mutable_lines(0)->clear_text(); }},
        {"bytes are unread", [](Image& i) { i.ttys[0].set_output(std::string(1 << 17, 'x')); }},
        {"cannot have the terminal", [](Image& i) { root(i).set_terminal(7); }},
        {"not that of its session", [](Image& i) { child(i).set_terminal(1); }},
        {"its size is 65537", [](Image& i) { i.pipes[0].set_size(65537); }},
        {"its size is 0", [](Image& i) { i.pipes[0].set_size(0); }},
        {"4096 fit",
         [](Image& i) {
             i.pipes[0].set_size(4096);
             i.pipes[0].set_data(std::string(4097, 'x'));
         }},
        {"a packet of 0", [](Image& i) { i.pipes[0].set_packets(0, 0); }},
        {"do not make", [](Image& i) { i.pipes[0].set_packets(0, 4); }},
    });
}

TEST_CASE("validate: tun devices") {
    auto tun = [](Image& i) -> Tun& {
        Tun& device = *file(i, 6).mutable_tun();
        device.set_path("/dev/net/tun");
        device.set_name("tap0");
        device.set_flags(IFF_TAP | IFF_MULTI_QUEUE);
        device.mutable_interface()->set_sndbuf(1);
        ifinfomsg link{};
        link.ifi_index = 7;
        device.mutable_interface()->set_link({reinterpret_cast<char*>(&link), sizeof link});
        return device;
    };
    Image good = sample::make_whole_image();
    tun(good).set_detached(true);
    CHECK_NOTHROW(validate(good));
    check_refusals({
        {"not absolute", [=](Image& i) { tun(i).set_path("tun"); }},
        {"no interface", [=](Image& i) { tun(i).clear_name(); }},
        {"no interface", [=](Image& i) { tun(i).clear_interface(); }},
        {"its interface has 16", [=](Image& i) { tun(i).set_name(std::string(16, 'x')); }},
        {"no interface can have", [=](Image& i) { tun(i).set_name("tap%d"); }},
        {"its flags are 0x103", [=](Image& i) { tun(i).set_flags(IFF_MULTI_QUEUE | 3); }},
        {"its flags are 0x8001", [=](Image& i) { tun(i).set_flags(IFF_TUN_EXCL | IFF_TUN); }},
        {"only queue",
         [=](Image& i) {
             tun(i).set_flags(IFF_TAP);
             file(i, 6).mutable_tun()->set_detached(true);
         }},
        {"not described", [=](Image& i) { tun(i).mutable_interface()->set_link("x"); }},
        {"an address of its", [=](Image& i) { tun(i).mutable_interface()->add_addresses("x"); }},
        {"a route of its", [=](Image& i) { tun(i).mutable_interface()->add_routes("x"); }},
        {"in mode 4", [=](Image& i) { tun(i).mutable_interface()->set_address_mode(4); }},
        {"no interface can have", [=](Image& i) { tun(i).mutable_interface()->set_master("/"); }},
        {"the owner", [=](Image& i) { tun(i).mutable_interface()->set_owner(UINT32_MAX); }},
        {"offloads are 0x10", [=](Image& i) { tun(i).mutable_interface()->set_offloads(0x10); }},
    });
}

TEST_CASE("validate: a large image takes no time to speak of") {
    Image image = sample::make_whole_image();
    Task& task = root(image);
    task.mutable_mm()->clear_areas();
    image.page_indexes[0].clear_runs();
    image.page_indexes[1].clear_runs();
    for (uint64_t i = 0; i < 30'000; ++i)
        sample::add_area(*task.mutable_mm(), 0x10000000 + i * 0x2000, 0x10001000 + i * 0x2000,
                         Area::ANON);
    for (uint64_t i = 0; i < 30'000; ++i)
        sample::add_run(image.page_indexes[0], 0x10000000 + i * 0x2000, 1, PageRun::STORED, 0);
    task.clear_fds();
    for (uint32_t i = 0; i < 10'000; ++i) {
        task.add_fds()->set_fd(i);
        task.mutable_fds(static_cast<int>(i))->set_file(1);
    }
    auto begin = std::chrono::steady_clock::now();
    CHECK_NOTHROW(validate(image));
    auto took = std::chrono::steady_clock::now() - begin;
    CHECK(took < std::chrono::milliseconds(50));
}
