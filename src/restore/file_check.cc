// See file_check.h.
#include "restore/file_check.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <map>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/text.h"
#include "sys/build_id.h"
#include "sys/fd.h"
#include "sys/file_calls.h"
#include "sys/pipe_calls.h"
#include "sys/proc_dir.h"

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

// What the tree does with an open file, and with the file of that name.
struct Use {
    bool mapped = false;
    bool program = false;  // its code is mapped
    bool written = false;  // by somebody of the tree
};

// By open file.
std::unordered_map<uint32_t, Use> uses_of(const image::Image& image) {
    std::unordered_map<uint32_t, Use> uses;
    for (const image::Task& task : image.tasks) {
        uses[task.exe()].program = true;
        for (const image::Area& area : task.mm().areas()) {
            if (area.kind() != image::Area::FILE)
                continue;
            Use& use = uses[area.file()];
            use.mapped = true;
            use.program |= (area.prot() & PROT_EXEC) != 0;
        }
    }
    std::unordered_set<std::string_view> written;
    for (const image::OpenFile& file : image.files)
        if ((file.flags() & O_ACCMODE) != O_RDONLY && (file.flags() & O_PATH) == 0)
            written.insert(file.regular().path());
    for (const image::OpenFile& file : image.files)
        uses[file.id()].written = written.contains(file.regular().path());
    return uses;
}

// Made by the kernel as it is read: its size and its times say nothing.
bool is_virtual(const std::string& path) {
    return path.starts_with("/proc/") || path.starts_with("/sys/");
}

uint64_t nanoseconds(const timespec& time) {
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

class Checker {
  public:
    explicit Checker(const Options& options) : options_(options) {}

    void check(const image::RegularFile& regular, const std::string& path, Use use) {
        const struct stat& now = look(path);
        if ((now.st_mode & S_IFMT) != (regular.mode() & S_IFMT))
            fail(Errc::unsupported, "{} was {} when it was dumped and is {} now (put it back)",
                 path, type_name(regular.mode()), type_name(now.st_mode));
        check_mode(regular, path, now);
        if ((S_ISCHR(now.st_mode) || S_ISBLK(now.st_mode)) && now.st_rdev != regular.rdev())
            fail(Errc::unsupported, "{} is another device than when it was dumped (put that back)",
                 path);
        if (regular.of_namespace() &&
            (now.st_ino != regular.ino() || nanoseconds(now.st_mtim) != regular.mtime_ns()))
            fail(Errc::unsupported,
                 "{} is another namespace than when it was dumped (mount that there)", path);
        if (S_ISREG(now.st_mode) && !is_virtual(path))
            check_content(regular, path, now, use);
    }

    void check_fifo(const image::Pipe& fifo, const std::string& path) {
        if (!S_ISFIFO(look(path).st_mode))
            fail(Errc::unsupported,
                 "{} was a named FIFO when it was dumped and is {} now (put it back)", path,
                 type_name(look(path).st_mode));
        if (fifo.data().empty())
            return;
        sys::UniqueFd fd = sys::open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
        if (sys::pipe_bytes(fd.get()) > 0)
            fail(Errc::unsupported,
                 "{} is in use and has content, and so has its image (let it be read first)", path);
    }

  private:
    // Once for each name, though many open files may have it.
    const struct stat& look(const std::string& path) {
        auto [at, is_new] = seen_.try_emplace(path);
        if (is_new) {
            auto found = sys::try_stat_at(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW);
            if (!found)
                fail(Errc::gone,
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
        fail(Errc::unsupported,
             "{} had mode {:04o} when it was dumped and has {:04o} now "
             "(--skip-file-rwx-check accepts that)",
             path, regular.mode() & 07777, now.st_mode & 07777);
    }

    struct Change {
        std::string text;              // empty: none
        const char* accepted_by = "";  // the strictest --file-validation that does not mind
    };

    Change find_change(const image::RegularFile& regular, const std::string& path,
                       const struct stat& now, Use use) const {
        FileValidation policy = options_.file_validation;
        auto size = static_cast<uint64_t>(now.st_size);
        bool has_grown = size > regular.size();
        if (policy >= FileValidation::size && (size < regular.size() || (has_grown && use.program)))
            return {fmt::format("size {} → {}", regular.size(), size), "none"};
        if (policy >= FileValidation::build_id && use.program && !regular.build_id().empty()) {
            std::string id = sys::read_build_id(sys::open_at(AT_FDCWD, path, O_RDONLY).get());
            if (id != regular.build_id())
                return {fmt::format("build id {} → {}", hex_text(regular.build_id()),
                                    id.empty() ? "none" : hex_text(id)),
                        "size"};
        }
        if (policy < FileValidation::strict || (has_grown && use.written))
            return {};
        if (has_grown)
            return {fmt::format("size {} → {}", regular.size(), size), "buildid"};
        uint64_t mtime = nanoseconds(now.st_mtim);
        if (mtime != regular.mtime_ns())
            return {fmt::format("time of change {} → {}", time_text(regular.mtime_ns()),
                                time_text(mtime)),
                    "buildid"};
        return {};
    }

    void check_content(const image::RegularFile& regular, const std::string& path,
                       const struct stat& now, Use use) const {
        Change change = find_change(regular, path, now, use);
        if (!change.text.empty())
            fail(Errc::unsupported,
                 "{} has changed since it was dumped: {} (--file-validation {} accepts that)", path,
                 change.text, change.accepted_by);
        // A log grows; of what the tree only reads, somebody may want to know.
        if (use.written)
            return;
        if (static_cast<uint64_t>(now.st_size) > regular.size())
            log::warn("{} has grown since it was dumped, from {} bytes to {}", path, regular.size(),
                      now.st_size);
        else if (use.mapped && regular.build_id().empty() &&
                 nanoseconds(now.st_mtim) != regular.mtime_ns())
            log::warn("{} is mapped, and was changed since it was dumped", path);
    }

    const Options& options_;
    std::map<std::string, struct stat> seen_;
};

}  // namespace

void check_names(const image::Image& image, const Options& options, const Files& files) {
    Checker checker(options);
    std::unordered_map<uint32_t, Use> uses = uses_of(image);
    for (const image::OpenFile& file : image.files) {
        // What is in /proc of a task exists only once the task does.
        if (!file.has_regular() || file.regular().deleted() ||
            sys::parse_proc_path(file.regular().path()))
            continue;
        fault::point("look at a file that is needed");
        checker.check(file.regular(), files.path_of(file.regular()), uses[file.id()]);
    }
    for (const image::Pipe& pipe : image.pipes) {
        if (!pipe.path().empty() && !pipe.deleted())
            checker.check_fifo(pipe, files.path_of(pipe));
    }
}

}  // namespace crtool::restore
