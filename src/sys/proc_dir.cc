// See proc_dir.h.
#include "sys/proc_dir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstring>

#include "base/error.h"
#include "sys/read_ahead.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

constexpr int kDirFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;

// The kernel's linux_dirent64, by offset: inode and next position, then these.
constexpr size_t kRecordLength = 16;
constexpr size_t kName = 19;

// −1 when the name is not a number.
int name_to_number(const char* name) {
    if (*name == '\0')
        return -1;
    int value = 0;
    for (; *name != '\0'; ++name) {
        if (*name < '0' || *name > '9' || value > 100'000'000)
            return -1;
        value = value * 10 + (*name - '0');
    }
    return value;
}

// Takes a number that begins `text`, and which a slash or the end follows; 0: there is none.
pid_t take_number(std::string_view& text) {
    pid_t number = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string_view rest = text.substr(static_cast<size_t>(end - text.data()));
    if (error != std::errc() || number <= 0 || (!rest.empty() && rest.front() != '/'))
        return 0;
    text = rest;
    return number;
}

}  // namespace

std::string ProcPath::of(pid_t other) const {
    return tid == 0 ? fmt::format("/proc/{}{}", other, name)
                    : fmt::format("/proc/{}/task/{}{}", other, other, name);
}

std::optional<ProcPath> parse_proc_path(std::string_view path) {
    constexpr std::string_view kProc = "/proc/";
    constexpr std::string_view kTask = "/task/";
    if (!path.starts_with(kProc))
        return std::nullopt;
    path.remove_prefix(kProc.size());
    ProcPath parsed;
    parsed.pid = take_number(path);
    if (parsed.pid == 0)
        return std::nullopt;
    if (path.starts_with(kTask)) {
        std::string_view rest = path.substr(kTask.size());
        parsed.tid = take_number(rest);
        if (parsed.tid != 0)
            path = rest;
    }
    parsed.name = path;
    return parsed;
}

std::vector<int> list_numbers(int dir) {
    std::vector<int> numbers;
    alignas(8) char buffer[32768];
    if (::lseek(dir, 0, SEEK_SET) < 0)
        fail_errno(errno, "cannot rewind a directory");
    for (;;) {
        long got = ::syscall(SYS_getdents64, dir, buffer, sizeof(buffer));
        if (got == 0)
            break;
        if (got < 0)
            fail_errno(errno, "cannot list a directory");
        for (long at = 0; at < got;) {
            uint16_t length = 0;
            memcpy(&length, buffer + at + kRecordLength, sizeof(length));
            int number = name_to_number(buffer + at + kName);
            if (number >= 0)
                numbers.push_back(number);
            at += length;
        }
    }
    if (!std::is_sorted(numbers.begin(), numbers.end()))
        std::sort(numbers.begin(), numbers.end());
    return numbers;
}

ProcDir::ProcDir(pid_t pid) : pid_(pid) {
    std::optional<ProcDir> found = try_open(pid);
    if (!found)
        fail_gone();
    dir_ = std::move(found->dir_);
}

std::optional<ProcDir> ProcDir::try_open(pid_t pid) {
    std::optional<UniqueFd> dir = try_open_at(AT_FDCWD, "/proc/" + std::to_string(pid), kDirFlags);
    if (!dir)
        return std::nullopt;
    return ProcDir(pid, std::move(*dir));
}

std::optional<ProcDir> ProcDir::try_thread(pid_t tid) const {
    std::optional<UniqueFd> dir = try_open("task/" + std::to_string(tid), kDirFlags);
    if (!dir)
        return std::nullopt;
    return ProcDir(tid, std::move(*dir));
}

ProcDir ProcDir::thread(pid_t tid) const {
    std::optional<ProcDir> found = try_thread(tid);
    if (!found)
        fail(Errc::gone, "thread {} of task {} has gone", tid, pid_);
    return std::move(*found);
}

void ProcDir::fail_gone() const {
    fail(Errc::gone, "task {} has gone", pid_);
}

bool ProcDir::exists() const {
    // "stat" is in every task's directory; looking it up fails once the task is reaped.
    return ::faccessat(dir_.get(), "stat", F_OK, 0) == 0;
}

std::string ProcDir::read(const std::string& name) const {
    std::optional<std::string> text = try_read(name);
    if (text)
        return std::move(*text);
    if (!exists())
        fail_gone();
    fail_errno(ENOENT, "cannot read /proc/{}/{}", pid_, name);
}

std::optional<std::string> ProcDir::try_read(const std::string& name) const {
    std::optional<UniqueFd> file = try_open(name, O_RDONLY);
    if (!file)
        return std::nullopt;
    try {
        return read_all(file->get());
    } catch (const Error& error) {
        if (error.err() == ESRCH)
            return std::nullopt;
        fail_errno(error.err(), "cannot read /proc/{}/{}", pid_, name);
    }
}

UniqueFd ProcDir::open(const std::string& name, int flags) const {
    std::optional<UniqueFd> file = try_open(name, flags);
    if (file)
        return std::move(*file);
    if (!exists())
        fail_gone();
    fail_errno(ENOENT, "cannot open /proc/{}/{}", pid_, name);
}

std::optional<UniqueFd> ProcDir::try_open(const std::string& name, int flags) const {
    int fd = ::openat(dir_.get(), name.c_str(), flags | O_CLOEXEC);
    if (fd >= 0)
        return UniqueFd(fd);
    if (errno == ENOENT || errno == ESRCH)
        return std::nullopt;
    fail_errno(errno, "cannot open /proc/{}/{}", pid_, name);
}

std::optional<std::string> ProcDir::link(const std::string& name) const {
    return read_link_at(dir_.get(), name);
}

std::vector<int> ProcDir::fds() const {
    return list_numbers(open("fd", kDirFlags).get());
}

std::vector<pid_t> ProcDir::threads() const {
    std::optional<UniqueFd> dir = try_open("task", kDirFlags);
    if (!dir)
        return {};
    try {
        return list_numbers(dir->get());
    } catch (const Error& error) {
        if (error.err() != ENOENT)
            throw;
        return {};
    }
}

std::vector<pid_t> ProcDir::children() const {
    constexpr size_t kThreadsPerHelper = 64;
    std::vector<pid_t> tids = threads();
    std::vector<std::optional<std::string>> texts(tids.size());
    ReadAhead readers(tids.size(), tids.size() / kThreadsPerHelper, [&](size_t i) {
        texts[i] = try_read("task/" + std::to_string(tids[i]) + "/children");
    });
    std::vector<pid_t> pids;
    for (size_t i = 0; i < tids.size(); i++) {
        readers.await(i);
        if (!texts[i])
            continue;
        TextScanner scanner(*texts[i], "children");
        for (scanner.skip_blanks(); !scanner.at_end(); scanner.skip_blanks())
            pids.push_back(scanner.signed_int());
    }
    std::sort(pids.begin(), pids.end());
    return pids;
}

}  // namespace crtool::sys
