// A small image with one of everything, for tests of the image code and as a seed for fuzzing.
//
// Two tasks and a zombie; the root has two threads, the child inherits a page, and every kind of
// open file is there. It passes validate(), so a test changes one thing and expects one refusal.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "image/digest.h"
#include "image/image.h"
#include "image/page_store.h"
#include "image/reader.h"
#include "image/validate.h"
#include "image/writer.h"
#include "sys/file_io.h"

namespace crtool::image::sample {

// A directory that goes away with its content.
class TemporaryDir {
  public:
    TemporaryDir() {
        // In memory where that is possible: ext4 writes a replaced file to disk at once.
        namespace fs = std::filesystem;
        fs::path base = fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path();
        std::string name = (base / "crtool-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }

    ~TemporaryDir() { std::filesystem::remove_all(path_); }

    TemporaryDir(const TemporaryDir&) = delete;
    TemporaryDir& operator=(const TemporaryDir&) = delete;

    const std::string& path() const { return path_; }

    std::string file(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

constexpr uint64_t kPages = 70;  // more than one piece

inline std::string page(uint64_t index) {
    return std::string(kPageSize, static_cast<char>('a' + index % 26));
}

inline OpenFile& add_file(Image& image, uint32_t flags) {
    OpenFile& file = image.files.emplace_back();
    file.set_id(static_cast<uint32_t>(image.files.size()));
    file.set_flags(flags);
    return file;
}

inline void add_regular(Image& image, const char* path, uint32_t mode, uint32_t flags) {
    RegularFile& regular = *add_file(image, flags).mutable_regular();
    regular.set_path(path);
    regular.set_mode(mode);
    regular.set_size(1234);
}

inline void add_pair(Image& image) {
    Terminal& master = *add_file(image, O_RDWR).mutable_terminal();
    master.set_path("/dev/ptmx");
    master.set_master(true);
    master.set_tty(1);
    Terminal& slave = *add_file(image, O_RDWR).mutable_terminal();
    slave.set_path("/dev/pts/3");
    slave.set_tty(1);
    Tty& tty = image.ttys.emplace_back();
    tty.set_id(1);
    tty.set_path("/dev/pts/3");
    tty.set_rdev(136 << 8 | 3);
    tty.set_ptmx("/dev/ptmx");
    tty.set_index(3);
    tty.set_termios(std::string(44, '\0'));
    tty.set_slave(Tty::OPEN);
    tty.set_foreground(101);
    tty.add_lines()->set_text("typed\n");
}

// Ids: 1 directory, 2 program, 3 deleted file, 4 and 5 pipe ends, 6 eventfd, 7 timerfd,
// 8 signalfd, 9 inner epoll, 10 outer epoll, 11 memfd, 12 terminal, 13 master and 14 slave of
// terminal 1.
inline void add_files(Image& image) {
    add_regular(image, "/tmp", S_IFDIR | 0755, O_PATH);
    add_regular(image, "/usr/bin/true", S_IFREG | 0755, O_RDONLY);
    add_regular(image, "/tmp/gone", S_IFREG | 0600, O_RDWR);
    image.files.back().mutable_regular()->set_deleted(true);
    image.files.back().mutable_regular()->set_content(1);
    image.files.back().mutable_regular()->set_size(2 * kPageSize + 100);
    add_file(image, O_RDONLY).mutable_pipe()->set_pipe(1);
    add_file(image, O_WRONLY | O_DIRECT).mutable_pipe()->set_pipe(1);
    add_file(image, O_RDWR).mutable_eventfd()->set_counter(1ULL << 40);
    Timerfd& timer = *add_file(image, O_RDWR).mutable_timerfd();
    timer.set_clock(1);
    timer.set_value_ns(5'000'000);
    add_file(image, O_RDWR).mutable_signalfd()->set_mask(2);
    EpollWatch& inner = *add_file(image, O_RDWR).mutable_epoll()->add_watches();
    inner.set_fd(4);
    inner.set_events(1);
    inner.set_file(4);
    EpollWatch& outer = *add_file(image, O_RDWR).mutable_epoll()->add_watches();
    outer.set_fd(9);
    outer.set_file(9);
    Memfd& memfd = *add_file(image, O_RDWR).mutable_memfd();
    memfd.set_name("name");
    memfd.set_content(2);
    memfd.set_mode(0777);
    add_file(image, O_RDWR).mutable_terminal()->set_path("/dev/pts/0");
    add_pair(image);
    Pipe& pipe = image.pipes.emplace_back();
    pipe.set_id(1);
    pipe.set_size(65536);
    pipe.set_data("onetwo");
    pipe.add_packets(3);
    pipe.add_packets(3);
}

inline void add_area(AddressSpace& mm, uint64_t start, uint64_t end, Area::Kind kind) {
    Area& area = *mm.add_areas();
    area.set_start(start);
    area.set_end(end);
    area.set_prot(3);
    area.set_kind(kind);
}

inline void add_run(PageIndex& index, uint64_t address, uint64_t pages, PageRun::From from,
                    uint64_t page_index) {
    PageRun& run = *index.add_runs();
    run.set_address(address);
    run.set_pages(pages);
    run.set_from(from);
    run.set_page_index(page_index);
}

inline void add_memory(Image& image, Task& task) {
    AddressSpace& mm = *task.mutable_mm();
    add_area(mm, 0x400000, 0x402000, Area::FILE);
    mm.mutable_areas(0)->set_file(2);
    mm.mutable_areas(0)->set_name("/usr/bin/true");
    add_area(mm, 0x600000, 0x700000, Area::ANON);
    add_area(mm, 0x700000, 0x703000, Area::SHMEM);
    mm.mutable_areas(2)->set_file(3);
    mm.mutable_areas(2)->set_shared(true);
    add_area(mm, 0x7ffff7fc1000, 0x7ffff7fc3000, Area::VDSO);
    add_area(mm, 0xffffffffff600000, 0xffffffffff601000, Area::VSYSCALL);
    mm.set_start_brk(0x600000);
    mm.set_brk(0x601000);
    mm.set_auxv(std::string(32, '\0'));
    PageIndex& index = image.page_indexes.emplace_back();
    index.set_pid(task.pid());
}

inline Thread& add_thread(Task& task, uint32_t tid) {
    Thread& thread = *task.add_threads();
    thread.set_tid(tid);
    thread.set_comm("sample");
    thread.mutable_registers()->set_rip(0x400123);
    thread.mutable_registers()->set_rsp(0x6ff000);
    thread.mutable_registers()->set_cs(0x33);
    thread.mutable_registers()->set_ss(0x2b);
    thread.set_xstate(std::string(832, '\0'));
    thread.mutable_creds()->set_ruid(1000);
    thread.mutable_creds()->add_groups(1000);
    thread.mutable_sched()->set_affinity(std::string(8, '\3'));
    return thread;
}

inline Siginfo siginfo(char signal) {
    Siginfo info;
    info.set_info(std::string(128, '\0'));
    (*info.mutable_info())[0] = signal;
    return info;
}

inline Task& add_task(Image& image, uint32_t pid, uint32_t ppid) {
    Task& task = image.tasks.emplace_back();
    task.set_pid(pid);
    task.set_ppid(ppid);
    task.set_pgid(100);
    task.set_sid(100);
    task.set_exit_signal(17);
    task.set_comm("sample");
    return task;
}

inline void make_live(Image& image, Task& task) {
    task.set_cwd(1);
    task.set_root(1);
    task.set_exe(2);
    task.set_umask(022);
    for (int i = 0; i < 16; ++i) {
        task.add_limits()->set_hard(UINT64_MAX);
        task.mutable_limits(i)->set_soft(1024);
    }
    add_thread(task, task.pid());
    add_memory(image, task);
}

inline void add_root(Image& image) {
    Task& root = add_task(image, 100, 0);
    make_live(image, root);
    Thread& second = add_thread(root, 102);
    second.set_seccomp_mode(2);
    second.add_seccomp_filters(1);
    *second.add_pending() = siginfo(12);
    for (uint32_t id = 1; id <= image.files.size(); ++id) {
        Fd& fd = *root.add_fds();
        fd.set_fd(id);
        fd.set_file(id);
    }
    SignalAction& action = *root.add_actions();
    action.set_signal(10);
    action.set_handler(0x400200);
    *root.add_shared_pending() = siginfo(10);
    PosixTimer& timer = *root.add_posix_timers();
    timer.set_id(3);
    timer.set_notify(4);
    timer.set_signal(14);
    timer.set_thread(102);
    timer.set_value_ns(1000);
    IntervalTimer& interval = *root.add_itimers();
    interval.set_value_us(10);
    add_run(image.page_indexes.back(), 0x401000, 1, PageRun::STORED, 0);
    add_run(image.page_indexes.back(), 0x600000, 64, PageRun::STORED, 1);
    add_run(image.page_indexes.back(), 0x6f0000, 1, PageRun::GUARD, 0);
}

inline void add_contents(Image& image) {
    for (uint32_t id = 1; id <= 3; ++id) {
        Content& content = image.contents.emplace_back();
        content.set_id(id);
        content.set_size(id == 1 ? 2 * kPageSize + 100 : 3 * kPageSize);
        Content::Extent& extent = *content.add_extents();
        extent.set_offset(kPageSize);
        extent.set_length(id == 1 ? kPageSize + 100 : kPageSize);
        extent.set_page_index(65 + id);
    }
}

// Everything but what a Writer fills in: file digests and the image id.
inline Image make_image() {
    Image image;
    SeccompFilter& filter = image.filters.emplace_back();
    filter.set_id(1);
    filter.set_program(std::string(16, '\6'));
    add_files(image);
    add_contents(image);
    add_root(image);
    Task& child = add_task(image, 101, 100);
    child.set_pgid(101);
    child.set_state(Task::STOPPED);
    child.set_stop_signal(20);
    make_live(image, child);
    add_run(image.page_indexes.back(), 0x601000, 2, PageRun::INHERITED, 0);
    add_run(image.page_indexes.back(), 0x603000, 1, PageRun::STORED, 65);
    Task& zombie = add_task(image, 103, 101);
    zombie.set_state(Task::ZOMBIE);
    zombie.set_wait_status(7 << 8);
    zombie.add_threads()->set_tid(103);
    zombie.mutable_threads(0)->set_exited(true);
    Inventory& inventory = image.inventory;
    inventory.set_crtool_version("test");
    inventory.set_kernel_release("6.18");
    inventory.set_machine("x86_64");
    inventory.set_root_pid(100);
    inventory.set_tasks(3);
    inventory.set_threads(3);
    inventory.mutable_cpu()->add_features("sse2");
    return image;
}

// Writes `image` with kPages pages of letters to `dir`; its inventory and pieces are filled in.
inline void write_image(const std::string& dir, Image& image, Overwrite overwrite = Overwrite::no) {
    Writer writer(dir, overwrite);
    for (const SeccompFilter& filter : image.filters)
        writer.add(filter);
    for (const Task& task : image.tasks)
        writer.add(task);
    FileRecord record;
    for (const OpenFile& file : image.files) {
        *record.mutable_file() = file;
        writer.add(record);
    }
    for (const Pipe& pipe : image.pipes) {
        *record.mutable_pipe() = pipe;
        writer.add(record);
    }
    for (const Tty& tty : image.ttys) {
        *record.mutable_tty() = tty;
        writer.add(record);
    }
    LocalPageWriter pages(writer.pages_fd());
    std::string text;
    for (uint64_t i = 0; i < kPages; ++i)
        text += page(i);
    auto bytes = std::as_bytes(std::span(text));
    sys::write_at(pages.fd(), bytes, pages.reserve(kPages) * kPageSize);
    std::vector<uint64_t> digests = {xxh3(bytes.first(kPieceBytes)),
                                     xxh3(bytes.subspan(kPieceBytes))};
    pages.add_digests(0, kPages, digests);
    for (const PageIndex& index : image.page_indexes)
        writer.add(index);
    for (const Content& content : image.contents)
        writer.add(content);
    image.pieces = pages.finish();
    writer.add(image.pieces);
    writer.commit(image.inventory);
}

// As make_image(), but complete in memory, as if it had been written and read.
inline Image make_whole_image() {
    Image image = make_image();
    image.inventory.set_format(kFormatVersion);
    FileDigest& pages = *image.inventory.add_files();
    pages.set_name(kPagesName);
    pages.set_size(kPages * kPageSize);
    image.pieces.set_piece_bytes(kPieceBytes);
    Pieces::Stretch& stretch = *image.pieces.add_stretches();
    stretch.set_pages(kPages);
    stretch.add_xxh3(1);
    stretch.add_xxh3(2);
    return image;
}

}  // namespace crtool::image::sample
