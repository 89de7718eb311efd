// See contents.h.
//
// Shared memory without a name is a mapping of ours, opened again through /proc/self/map_files: the
// kernel shows it as "/dev/zero (deleted)", as it showed the original. That directory needs
// CAP_CHECKPOINT_RESTORE; without it a memfd serves, which differs in name only.
#include "restore/contents.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/memfd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/fault.h"
#include "restore/brief_name.h"
#include "restore/kind.h"
#include "restore/sysv_shm.h"
#include "sys/child.h"
#include "sys/file_calls.h"
#include "sys/file_io.h"
#include "sys/file_make.h"
#include "sys/mapping.h"
#include "sys/proc_dir.h"

namespace crtool::restore {
namespace {

constexpr uint64_t kStep = 1 << 20;

uint64_t whole_pages(uint64_t size) {
    uint64_t pages = (size + parasite::kPageBytes - 1) / parasite::kPageBytes;
    return std::max<uint64_t>(pages, 1) * parasite::kPageBytes;
}

bool is_huge(int fd) {
    return sys::filesystem_of(fd) == HUGETLBFS_MAGIC;
}

// Logarithm of the page size of shared memory without a name; 0: ordinary pages.
uint32_t huge_shift_of(const image::Image& image, uint32_t content) {
    for (const image::Task& task : image.tasks)
        for (const image::Area& area : task.mm().areas())
            if (area.kind() == image::Area::SHMEM && area.file() == content)
                return area.huge_shift();
    return 0;
}

sys::UniqueFd make_shared_memory(uint64_t size, uint32_t huge_shift) {
    int flags = MAP_SHARED | MAP_ANONYMOUS;
    if (huge_shift != 0)
        flags |= MAP_HUGETLB | static_cast<int>(huge_shift << MAP_HUGE_SHIFT);
    sys::Mapping memory(nullptr, whole_pages(size), PROT_READ | PROT_WRITE, flags, -1, 0);
    std::string name = fmt::format("/proc/self/map_files/{:x}-{:x}", memory.address(),
                                   memory.address() + memory.size());
    try {
        return sys::open_at(AT_FDCWD, name, O_RDWR);
    } catch (const Error&) {
        sys::UniqueFd fd = sys::memfd(
            "shared memory", huge_shift == 0 ? 0 : MFD_HUGETLB | huge_shift << MFD_HUGE_SHIFT);
        sys::truncate(fd.get(), whole_pages(size));
        return fd;
    }
}

sys::UniqueFd make_memfd(const image::Memfd& memfd, uint64_t size) {
    sys::UniqueFd fd = sys::memfd(memfd.name().c_str(), memfd.create_flags());
    sys::truncate(fd.get(), size);
    sys::set_mode(fd.get(), memfd.mode());
    sys::set_owner(fd.get(), memfd.uid(), memfd.gid());
    return fd;
}

sys::UniqueFd make_deleted_file(const image::RegularFile& file, uint64_t size) {
    std::optional<sys::UniqueFd> fd;
    BriefName name(
        file.path(),
        [&](const std::string& path) {
            fd = sys::try_create(path, 0600);
            return fd.has_value();
        },
        sys::remove_file);
    name.take_away();
    sys::truncate(fd->get(), size);
    sys::set_owner(fd->get(), file.uid(), file.gid());
    sys::set_mode(fd->get(), file.mode() & 07777);
    return std::move(*fd);
}

// The flag can be had only by the making, so this open file is the restored one (regular_file.cc).
// Flags that could disturb the writing of its content are set later.
sys::UniqueFd make_never_named(const image::OpenFile& file, uint64_t size) {
    constexpr uint32_t kLater = O_APPEND | O_DIRECT | O_ASYNC | O_CREAT | O_EXCL | O_TRUNC;
    const image::RegularFile& regular = file.regular();
    std::string place = place_for_name(regular.path());
    std::string directory = place.substr(0, place.rfind('/') + 1);
    sys::UniqueFd fd = sys::make_unnamed(directory, static_cast<int>(file.flags() & ~kLater), 0600);
    sys::truncate(fd.get(), size);
    sys::set_owner(fd.get(), regular.uid(), regular.gid());
    sys::set_mode(fd.get(), regular.mode() & 07777);
    return fd;
}

sys::UniqueFd make_object(const image::Image& image, const image::OpenFile* described,
                          const image::Content& content) {
    if (described == nullptr)
        return make_shared_memory(content.size(), huge_shift_of(image, content.id()));
    if (described->has_memfd())
        return make_memfd(described->memfd(), content.size());
    if (was_never_named(*described))
        return make_never_named(*described, content.size());
    return make_deleted_file(described->regular(), content.size());
}

void fill(int fd, const image::Content& content, int pages_fd, std::vector<std::byte>& buffer) {
    for (const image::Content::Extent& extent : content.extents()) {
        uint64_t from = extent.page_index() * parasite::kPageBytes;
        // The last page may be stored whole, and must not make the file longer.
        uint64_t room = extent.offset() < content.size() ? content.size() - extent.offset() : 0;
        uint64_t length = std::min(extent.length(), room);
        for (uint64_t at = 0; at < length; at += kStep) {
            buffer.resize(std::min(kStep, length - at));
            sys::read_exactly(pages_fd, buffer, from + at);
            sys::write_at(fd, buffer, extent.offset() + at);
        }
    }
}

// write(2) knows no file of huge pages; a mapping of one takes pages where it is touched.
void fill_huge(int fd, const image::Content& content, int pages_fd) {
    if (content.extents().empty())
        return;
    sys::Mapping memory(nullptr, content.size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    std::span<std::byte> bytes(memory.data(), memory.size());
    for (const image::Content::Extent& extent : content.extents())
        if (extent.offset() < bytes.size())
            sys::read_exactly(
                pages_fd,
                bytes.subspan(extent.offset(),
                              std::min(extent.length(), bytes.size() - extent.offset())),
                extent.page_index() * parasite::kPageBytes);
}

}  // namespace

std::unordered_map<uint32_t, sys::UniqueFd> make_contents(const image::Image& image,
                                                          const Files& files, int pages_fd) {
    std::unordered_map<uint32_t, sys::UniqueFd> made;
    std::vector<std::byte> buffer;
    for (const image::Content& content : image.contents) {
        if (segment_of(image, content.id()) != nullptr)
            continue;
        ErrorContext context("content", content.id());
        fault::point("make a file without a name");
        sys::UniqueFd fd = make_object(image, files.described_by(content.id()), content);
        if (is_huge(fd.get()))
            fill_huge(fd.get(), content, pages_fd);
        else
            fill(fd.get(), content, pages_fd, buffer);
        made.emplace(content.id(), std::move(fd));
    }
    return made;
}

std::unordered_map<uint32_t, sys::UniqueFd> make_deleted_directories(const image::Image& image) {
    std::unordered_map<uint32_t, sys::UniqueFd> made;
    // Open files of one directory share it, by the device and inode it had.
    std::unordered_map<std::string, int> by_inode;
    for (const image::OpenFile& file : image.files) {
        const image::RegularFile& regular = file.regular();
        if (!file.has_regular() || !regular.deleted() || !S_ISDIR(regular.mode()) ||
            regular.of_dead_task())
            continue;
        std::string inode = fmt::format("{}:{}", regular.dev(), regular.ino());
        auto known = by_inode.find(inode);
        if (known != by_inode.end()) {
            made.emplace(file.id(), sys::duplicate(known->second));
            continue;
        }
        BriefName name(
            regular.path(),
            [](const std::string& path) { return sys::try_make_directory(path, 0700); },
            sys::remove_directory);
        sys::UniqueFd fd = sys::open_at(AT_FDCWD, name.path(), O_RDONLY | O_DIRECTORY);
        sys::set_owner(fd.get(), regular.uid(), regular.gid());
        sys::set_mode(fd.get(), regular.mode() & 07777);
        name.take_away();
        by_inode[inode] = fd.get();
        made.emplace(file.id(), std::move(fd));
    }
    return made;
}

std::unordered_map<uint32_t, sys::UniqueFd> make_deleted_fifos(const image::Image& image) {
    std::unordered_map<uint32_t, sys::UniqueFd> made;
    for (const image::Pipe& pipe : image.pipes) {
        if (!pipe.deleted())
            continue;
        ErrorContext context("FIFO without a name, pipe", pipe.id());
        fault::point("make a FIFO without a name");
        BriefName name(
            pipe.path(), [](const std::string& path) { return sys::try_make_fifo(path, 0600); },
            sys::remove_file);
        sys::UniqueFd opened = sys::open_at(AT_FDCWD, name.path(), O_RDONLY | O_NONBLOCK);
        made.emplace(pipe.id(), sys::open_at(AT_FDCWD, name.path(), O_PATH));
        name.take_away();
        sys::set_owner(opened.get(), pipe.uid(), pipe.gid());
        sys::set_mode(opened.get(), pipe.mode());
    }
    return made;
}

std::unordered_map<uint32_t, sys::UniqueFd> make_files_of_dead_tasks(const image::Image& image) {
    std::unordered_map<uint32_t, sys::UniqueFd> made;
    for (const image::OpenFile& file : image.files) {
        if (!file.regular().of_dead_task())
            continue;
        ErrorContext context("file of a task that has gone", file.id());
        fault::point("make a file of a task that ends");
        sys::ChildProcess task = sys::ChildProcess::spawn([]() -> int {
            for (;;)
                ::pause();
        });
        std::string path = sys::parse_proc_path(file.regular().path()).value().of(task.pid());
        uint32_t flags = file.flags() & ~static_cast<uint32_t>(O_ASYNC);
        made.emplace(file.id(), sys::open_at(AT_FDCWD, path, static_cast<int>(flags)));
    }
    return made;
}

}  // namespace crtool::restore
