// See refused_kinds.h.
#include "dump/refused_kinds.h"

#include <sys/stat.h>

#include <array>

namespace crtool::dump {
namespace {

struct Row {
    std::string_view prefix;
    Refusal refusal;
};

constexpr std::array kRows = {
    Row{"socket:[", {"a socket of a family that is not carried yet", "close it before the dump"}},
    Row{"anon_inode:[io_uring]",
        {"an io_uring, whose requests live in the kernel only",
         "let the program use epoll or threads (libuv: UV_USE_IO_URING=0, mariadb: "
         "innodb_use_native_aio=0)"}},
    Row{"anon_inode:[userfaultfd]", {"a userfaultfd, which cannot be carried", ""}},
    Row{"anon_inode:[perf_event]", {"a performance counter, which cannot be carried", ""}},
    Row{"anon_inode:bpf", {"an object of bpf(2), which cannot be carried", ""}},
    Row{"anon_inode:seccomp notify", {"a seccomp listener, which cannot be carried", ""}},
    Row{"anon_inode:kvm", {"a virtual machine, which cannot be carried", ""}},
    Row{"anon_inode:", {"an object of the kernel that crtool does not know", ""}},
    Row{"/secretmem", {"secret memory (memfd_secret), which nobody else may read", ""}},
    Row{"/SYSV", {"a System V shared memory segment of another IPC namespace", ""}},
    Row{"/[aio]", {"a ring of Linux AIO (io_setup), which is not carried yet", ""}},
};

}  // namespace

Refusal refusal_of(std::string_view link, mode_t mode) {
    for (const Row& row : kRows) {
        if (link.starts_with(row.prefix))
            return row.refusal;
    }
    if (S_ISSOCK(mode))
        return {"a socket in the file system, which is not carried yet", ""};
    return {"of a kind that crtool does not know", ""};
}

}  // namespace crtool::dump
