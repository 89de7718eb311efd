// See refused_kinds.h.
#include "dump/refused_kinds.h"

#include <sys/stat.h>

#include <array>

namespace crtool::dump {
namespace {

constexpr std::string_view kCloseIt = "close it before the dump";

struct Row {
    std::string_view prefix;
    Refusal refusal;
};

constexpr std::array kRows = {
    Row{"socket:[", {"a socket of a family that is not carried yet", kCloseIt}},
    Row{"anon_inode:[io_uring]",
        {"an io_uring, whose requests live in the kernel only",
         "let the program use epoll or threads (libuv: UV_USE_IO_URING=0, mariadb: "
         "innodb_use_native_aio=0)"}},
    Row{"anon_inode:[userfaultfd]", {"a userfaultfd, which cannot be carried", kCloseIt}},
    Row{"anon_inode:[perf_event]", {"a performance counter, which cannot be carried", kCloseIt}},
    Row{"anon_inode:bpf", {"an object of bpf(2), which cannot be carried", kCloseIt}},
    Row{"anon_inode:seccomp notify", {"a seccomp listener, which cannot be carried", kCloseIt}},
    Row{"anon_inode:kvm",
        {"a virtual machine, which cannot be carried", "save it with its own program's means"}},
    Row{"anon_inode:", {"an object of the kernel that crtool does not know", kCloseIt}},
    Row{"/secretmem",
        {"secret memory (memfd_secret), which nobody else may read",
         "let the program unmap it before the dump"}},
    Row{"/SYSV",
        {"a System V shared memory segment of another IPC namespace",
         "let the program detach it before the dump"}},
    Row{"/[aio]",
        {"a ring of Linux AIO (io_setup), which is not carried yet",
         "let the program end it (io_destroy(2)) before the dump"}},
};

}  // namespace

Refusal refusal_of(std::string_view link, mode_t mode) {
    for (const Row& row : kRows) {
        if (link.starts_with(row.prefix))
            return row.refusal;
    }
    if (S_ISSOCK(mode))
        return {"a socket in the file system, which is not carried yet", kCloseIt};
    return {"of a kind that crtool does not know", kCloseIt};
}

}  // namespace crtool::dump
