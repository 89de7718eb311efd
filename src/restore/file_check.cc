// See file_check.h.
#include "restore/file_check.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <map>
#include <unordered_set>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/build_id.h"
#include "sys/fd.h"
#include "sys/file_calls.h"
#include "sys/pipe_calls.h"

namespace crtool::restore {
namespace {

const char* type_name(uint32_t mode) {
    switch (mode & S_IFMT) {
        case S_IFREG:
            return "a regular file";
        case S_IFDIR:
            return "a directory";
        case S_IFCHR:
            return "a character device";
        case S_IFBLK:
            return "a block device";
        case S_IFLNK:
            return "a symbolic link";
        default:
            return "a special file";
    }
}

// Open files whose code is mapped.
std::unordered_set<uint32_t> programs(const image::Image& image) {
    std::unordered_set<uint32_t> ids;
    for (const image::Task& task : image.tasks) {
        ids.insert(task.exe());
        for (const image::Area& area : task.mm().areas()) {
            if (area.kind() == image::Area::FILE && (area.prot() & PROT_EXEC) != 0)
                ids.insert(area.file());
        }
    }
    return ids;
}

// Files of a task in /proc: they exist only once the task does.
bool is_of_a_task(const std::string& path) {
    constexpr std::string_view kProc = "/proc/";
    return path.starts_with(kProc) && path.size() > kProc.size() && path[kProc.size()] >= '0' &&
           path[kProc.size()] <= '9';
}

class Checker {
  public:
    explicit Checker(const Options& options) : options_(options) {}

    void check(const image::RegularFile& regular, const std::string& path, bool is_program) {
        const struct stat& now = look(path);
        if ((now.st_mode & S_IFMT) != (regular.mode() & S_IFMT))
            fail(Errc::system, "{} was {} when it was dumped and is {} now", path,
                 type_name(regular.mode()), type_name(now.st_mode));
        check_mode(regular, path, now);
        if ((S_ISCHR(now.st_mode) || S_ISBLK(now.st_mode)) && now.st_rdev != regular.rdev())
            fail(Errc::system, "{} is another device than when it was dumped", path);
        if (S_ISREG(now.st_mode))
            check_content(regular, path, now, is_program);
    }

    void check_fifo(const image::Pipe& fifo, const std::string& path) {
        if (!S_ISFIFO(look(path).st_mode))
            fail(Errc::system, "{} was a named FIFO when it was dumped and is {} now", path,
                 type_name(look(path).st_mode));
        if (fifo.data().empty())
            return;
        sys::UniqueFd fd = sys::open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
        if (sys::pipe_bytes(fd.get()) > 0)
            fail(Errc::system, "{} is in use and has content, and so has its image", path);
    }

  private:
    // Once for each name, though many open files may have it.
    const struct stat& look(const std::string& path) {
        auto [at, is_new] = seen_.try_emplace(path);
        if (is_new) {
            auto found = sys::try_stat_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
            if (!found)
                fail(Errc::system,
                     "{} is not there any more; the image needs it as it was when "
                     "it was dumped",
                     path);
            at->second = *found;
        }
        return at->second;
    }

    void check_mode(const image::RegularFile& regular, const std::string& path,
                    const struct stat& now) const {
        if (options_.skip_file_rwx_check || (now.st_mode & 07777) == (regular.mode() & 07777))
            return;
        fail(Errc::system,
             "{} had mode {:04o} when it was dumped and has {:04o} now "
             "(--skip-file-rwx-check accepts that)",
             path, regular.mode() & 07777, now.st_mode & 07777);
    }

    void check_content(const image::RegularFile& regular, const std::string& path,
                       const struct stat& now, bool is_program) const {
        auto size = static_cast<uint64_t>(now.st_size);
        if (size < regular.size() || (is_program && size != regular.size()))
            fail(Errc::system, "{} had {} bytes when it was dumped and has {} now", path,
                 regular.size(), size);
        if (size > regular.size())
            log::warn("{} has grown since it was dumped, from {} bytes to {}", path, regular.size(),
                      size);
        if (!is_program || regular.build_id().empty() || !options_.file_validation_build_id)
            return;
        sys::UniqueFd fd = sys::open_at(AT_FDCWD, path, O_RDONLY);
        if (sys::read_build_id(fd.get()) != regular.build_id())
            fail(Errc::system,
                 "{} is another build than when it was dumped "
                 "(--file-validation filesize accepts that)",
                 path);
    }

    const Options& options_;
    std::map<std::string, struct stat> seen_;
};

}  // namespace

void check_names(const image::Image& image, const Options& options, const Files& files) {
    Checker checker(options);
    std::unordered_set<uint32_t> mapped = programs(image);
    for (const image::OpenFile& file : image.files) {
        if (!file.has_regular() || file.regular().deleted() || is_of_a_task(file.regular().path()))
            continue;
        fault::point("look at a file that is needed");
        checker.check(file.regular(), files.path_of(file.regular()), mapped.contains(file.id()));
    }
    for (const image::Pipe& pipe : image.pipes) {
        if (!pipe.path().empty())
            checker.check_fifo(pipe, files.path_of(pipe));
    }
}

}  // namespace crtool::restore
