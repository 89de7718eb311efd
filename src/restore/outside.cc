// See outside.h.
#include "restore/outside.h"

#include <fcntl.h>

#include <filesystem>
#include <system_error>

#include "base/fault.h"
#include "restore/zombie_script.h"
#include "sys/file_make.h"
#include "sys/proc_dir.h"

namespace crtool::restore {
namespace {

namespace fs = std::filesystem;

void write_setting(const sys::ProcDir& proc, const char* name, const std::string& value) {
    ErrorContext context(name);
    sys::UniqueFd fd = proc.open(name, O_WRONLY);
    sys::write_all(fd.get(), value);
}

}  // namespace

void write_proc_settings(const Context& ctx) {
    for (const image::Task& task : ctx.image.tasks) {
        bool oom = task.oom_score_adj() != ctx.own.oom_score_adj;
        bool filter = task.shares_vm() == 0 && task.coredump_filter() != ctx.own.coredump_filter;
        if (task.state() == image::Task::ZOMBIE || (!oom && !filter))
            continue;
        ErrorContext context("task", task.pid());
        fault::point("write a setting to /proc");
        sys::ProcDir proc(static_cast<pid_t>(task.pid()));
        if (oom)
            write_setting(proc, "oom_score_adj", std::to_string(task.oom_score_adj()));
        if (filter)
            write_setting(proc, "coredump_filter", fmt::format("{:#x}", task.coredump_filter()));
    }
}

void add_seals(const Context& ctx) {
    for (const auto& [id, fd] : ctx.files.service().contents) {
        const image::OpenFile* file = ctx.files.described_by(id);
        if (file == nullptr || !file->has_memfd() || file->memfd().seals() == 0)
            continue;
        ErrorContext context("memfd", id);
        fault::point("seal a memfd");
        sys::add_seals(fd, file->memfd().seals());
    }
}

CoreDirectory::CoreDirectory(const image::Image& image) {
    if (!dumps_core(image))
        return;
    std::string pattern = sys::read_file_at(AT_FDCWD, "/proc/sys/kernel/core_pattern");
    if (pattern.starts_with('|') || pattern.starts_with('/'))
        return;
    path_ = sys::make_private_directory();
    // Zombies of any user write there.
    sys::UniqueFd fd = sys::open_at(AT_FDCWD, path_, O_RDONLY | O_DIRECTORY);
    sys::set_mode(fd.get(), 01733);
}

CoreDirectory::~CoreDirectory() {
    std::error_code ignored;
    if (!path_.empty())
        fs::remove_all(path_, ignored);
}

PidFile::PidFile(const Options& options, pid_t root) {
    if (options.pidfile.empty())
        return;
    std::string path = fs::path(options.work_dir) / options.pidfile;
    sys::UniqueFd fd = sys::open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    path_ = path;
    sys::write_all(fd.get(), std::to_string(root));
}

PidFile::~PidFile() {
    std::error_code ignored;
    if (!path_.empty())
        fs::remove(path_, ignored);
}

}  // namespace crtool::restore
