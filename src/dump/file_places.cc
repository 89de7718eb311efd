// Files that a task has without a descriptor: working directory, root, executable, mapped files.
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/fault.h"
#include "dump/file_table.h"
#include "sys/build_id.h"

namespace crtool::dump {
namespace {

constexpr std::string_view kDeleted = " (deleted)";

void add_build_id(const FdProbe& probe, image::OpenFile& file) {
    if (!file.has_regular() || file.regular().deleted() || !S_ISREG(file.regular().mode()))
        return;
    std::string id = sys::read_build_id(probe.reopen(O_RDONLY).get());
    if (!id.empty())
        file.mutable_regular()->set_build_id(id);
}

}  // namespace

void FileTable::add_places(const sys::ProcDir& dir, image::Task& task) {
    fault::point("look at the working directory");
    task.set_cwd(add_place(dir, "cwd"));
    task.set_root(add_place(dir, "root"));
}

uint32_t FileTable::add_place(const sys::ProcDir& dir, const char* name) {
    // Mount and inode tell a directory's path: directories have no second name.
    auto id = sys::try_identify(dir.fd(), name);
    if (!id)
        fail(Errc::gone, "task {} has gone", dir.pid());
    if (id->mount != 0) {
        auto known = places_.find(*id);
        if (known != places_.end())
            return known->second;
    }
    FdProbe probe;
    probe.task = dir.pid();
    probe.proc_name = name;
    sys::UniqueFd fd = dir.open(name, O_PATH | O_DIRECTORY);
    probe.fd = fd.get();
    probe.st = sys::stat_fd(probe.fd);
    probe.info.flags = O_PATH | O_DIRECTORY;
    probe.link = dir.link(name).value_or("");
    uint32_t file = add_file(probe);
    places_[*id] = file;
    return file;
}

void FileTable::add_executable(const sys::ProcDir& dir, image::Task& task) {
    auto id = sys::try_identify(dir.fd(), "exe");
    std::string link = dir.link("exe").value_or("");
    // An address space may have no executable: kernel threads, or one that was unmapped.
    if (!id || link.empty())
        return;
    auto [at, is_new] = mapped_.try_emplace(MapKey{id->dev, id->ino, link, false});
    if (is_new)
        at->second = probe_file(dir, "exe", link, false);
    task.set_exe(at->second.file);
}

FileTable::Mapped FileTable::add_mapping(const sys::ProcDir& dir, const sys::Area& area) {
    // A shared mapping is writable, now or by mprotect, exactly when the file was open for writing.
    bool writable = area.flags.has(sys::VmFlag::sh);
    std::string link = area.name;
    if (area.deleted)
        link += kDeleted;
    dev_t dev = makedev(area.dev_major, area.dev_minor);
    auto [at, is_new] = mapped_.try_emplace(MapKey{dev, area.inode, link, writable});
    if (is_new) {
        fault::point("look at a mapped file");
        std::string name = fmt::format("map_files/{:x}-{:x}", area.start, area.end);
        at->second = probe_file(dir, std::move(name), link, writable);
    }
    return at->second;
}

FileTable::Mapped FileTable::probe_file(const sys::ProcDir& dir, std::string name,
                                        const std::string& link, bool writable) {
    FdProbe probe;
    probe.task = dir.pid();
    sys::UniqueFd fd = dir.open(name, O_PATH);
    // In maps a newline is \012, and nobody can tell it from a name that has a backslash.
    probe.link = link.find('\n') == std::string::npos ? link : dir.link(name).value_or("");
    probe.proc_name = std::move(name);
    probe.fd = fd.get();
    probe.st = sys::stat_fd(probe.fd);
    probe.info.flags = writable ? O_RDWR : O_RDONLY;
    // mmap(2) of MAP_SHARED | MAP_ANONYMOUS, which is a file of the kernel's own tmpfs or
    // hugetlbfs.
    bool huge = sys::filesystem_of(probe.fd) == HUGETLBFS_MAGIC;
    if ((probe.st.st_dev == shmem_dev_ && link == "/dev/zero (deleted)") ||
        (huge && link == "/anon_hugepage (deleted)"))
        return {image::Area::SHMEM, contents_.id_of(probe.st, probe.task, probe.proc_name)};
    if ((huge || probe.st.st_dev == shmem_dev_) && ShmSet::matches(link))
        if (uint32_t content = segments_.add(probe.st, probe.task, probe.proc_name, huge))
            return {image::Area::SHMEM, content};
    uint32_t file = add_file(probe);
    if (options_.file_validation_build_id)
        add_build_id(probe, files_[file - 1]);
    return {image::Area::FILE, file};
}

}  // namespace crtool::dump
