// See ptrace.h. The one place that calls ptrace(2) and looks at its errno.
#include "tracee/ptrace.h"

#include <elf.h>
#include <errno.h>
#include <sched.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstring>

#include "base/error.h"
#include "sys/uapi_compat.h"

#ifndef PTRACE_GET_RSEQ_CONFIGURATION
#define PTRACE_GET_RSEQ_CONFIGURATION 0x420f
#endif
#ifndef PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG
#define PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG 0x4210
#define PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG 0x4211
#endif

namespace crtool::tracee {
namespace {

constexpr int kGetThreadArea = 25;  // asm/ptrace-abi.h, not in glibc's enum
constexpr int kSetThreadArea = 26;

template <typename Address, typename Data>
long raw(int request, pid_t tid, Address address, Data data) {
    return ::ptrace(static_cast<__ptrace_request>(request), tid, address, data);
}

[[noreturn]] void fail_ptrace(pid_t tid, const char* what, int err) {
    if (err == ESRCH)
        fail(Errc::gone, "thread {} has gone", tid);
    fail_errno(err, "cannot {} of thread {}", what, tid);
}

template <typename Address, typename Data>
long request(int code, pid_t tid, Address address, Data data, const char* what) {
    long result = raw(code, tid, address, data);
    if (result == -1)
        fail_ptrace(tid, what, errno);
    return result;
}

}  // namespace

bool seize(pid_t tid, unsigned options) {
    if (raw(PTRACE_SEIZE, tid, 0L, static_cast<unsigned long>(options)) == 0)
        return true;
    if (errno == ESRCH)
        return false;
    fail_errno(errno, "cannot seize thread {}", tid);
}

void set_options(pid_t tid, unsigned options) {
    request(PTRACE_SETOPTIONS, tid, 0L, static_cast<unsigned long>(options), "set the options");
}

void interrupt(pid_t tid) {
    request(PTRACE_INTERRUPT, tid, 0L, 0L, "stop the run");
}

void resume(pid_t tid, int signal) {
    request(PTRACE_CONT, tid, 0L, static_cast<long>(signal), "resume the run");
}

void resume_to_syscall(pid_t tid, int signal) {
    request(PTRACE_SYSCALL, tid, 0L, static_cast<long>(signal), "resume the run");
}

void detach(pid_t tid, int signal) {
    request(PTRACE_DETACH, tid, 0L, static_cast<long>(signal), "end the tracing");
}

WaitStatus wait(pid_t tid, const std::atomic<bool>* cancelled) {
    // A stop mostly comes within microseconds, sooner than a sleeper is woken.
    constexpr int kLooks = 40;
    for (int look = 0; look < kLooks; look++) {
        if (std::optional<WaitStatus> status = try_wait(tid))
            return *status;
        ::sched_yield();
    }
    if (cancelled != nullptr && *cancelled)
        fail(Errc::cancelled, "interrupted");
    int status = 0;
    while (::waitpid(tid, &status, __WALL) != tid) {
        if (errno == ECHILD)
            fail(Errc::gone, "thread {} has gone", tid);
        if (errno != EINTR)
            fail_errno(errno, "cannot wait for thread {}", tid);
        if (cancelled != nullptr && *cancelled)
            fail(Errc::cancelled, "interrupted");
    }
    return WaitStatus(status);
}

std::optional<WaitStatus> try_wait(pid_t tid) {
    int status = 0;
    pid_t got = ::waitpid(tid, &status, __WALL | WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR))
        return std::nullopt;
    if (got < 0)
        fail(Errc::gone, "thread {} has gone", tid);
    return WaitStatus(status);
}

Registers get_registers(pid_t tid) {
    Registers registers{};
    iovec data = {&registers, sizeof registers};
    request(PTRACE_GETREGSET, tid, static_cast<unsigned long>(NT_PRSTATUS), &data,
            "read the registers");
    // In 32-bit code a thread shows those of an i386 (task_user_regset_view() of the kernel).
    if (data.iov_len == sizeof registers)
        return registers;
    Registers compat{};
    compat.cs = kCompatCs;
    return compat;
}

void set_registers(pid_t tid, const Registers& registers) {
    iovec data = {const_cast<Registers*>(&registers), sizeof registers};
    request(PTRACE_SETREGSET, tid, static_cast<unsigned long>(NT_PRSTATUS), &data,
            "set the registers");
}

std::string get_xstate(pid_t tid) {
    char xstate[16384];
    iovec data = {xstate, sizeof xstate};
    request(PTRACE_GETREGSET, tid, static_cast<unsigned long>(NT_X86_XSTATE), &data,
            "read the FPU state");
    return {xstate, data.iov_len};
}

void set_xstate(pid_t tid, std::string_view xstate) {
    iovec data = {const_cast<char*>(xstate.data()), xstate.size()};
    request(PTRACE_SETREGSET, tid, static_cast<unsigned long>(NT_X86_XSTATE), &data,
            "set the FPU state");
}

uint64_t get_sigmask(pid_t tid) {
    uint64_t mask = 0;
    request(PTRACE_GETSIGMASK, tid, sizeof mask, &mask, "read the signal mask");
    return mask;
}

void set_sigmask(pid_t tid, uint64_t mask) {
    request(PTRACE_SETSIGMASK, tid, sizeof mask, &mask, "set the signal mask");
}

std::vector<siginfo_t> peek_siginfo(pid_t tid, bool shared_queue) {
    std::vector<siginfo_t> all;
    constexpr int kBatch = 32;
    for (;;) {
        siginfo_t batch[kBatch];
        __ptrace_peeksiginfo_args args = {};
        args.off = all.size();
        args.flags = shared_queue ? PTRACE_PEEKSIGINFO_SHARED : 0;
        args.nr = kBatch;
        long got = request(PTRACE_PEEKSIGINFO, tid, &args, batch, "read the pending signals");
        all.insert(all.end(), batch, batch + got);
        if (got < kBatch)
            return all;
    }
}

RseqConfig get_rseq(pid_t tid) {
    RseqConfig config;
    if (raw(PTRACE_GET_RSEQ_CONFIGURATION, tid, sizeof config, &config) < 0) {
        if (errno == EIO || errno == EINVAL)
            return {};
        fail_ptrace(tid, "read the rseq configuration", errno);
    }
    return config;
}

SyscallDispatch get_syscall_dispatch(pid_t tid) {
    SyscallDispatch config;
    if (raw(PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG, tid, sizeof config, &config) < 0) {
        if (errno == EIO || errno == EINVAL)
            return {};
        fail_ptrace(tid, "read the system call dispatch", errno);
    }
    return config;
}

void set_syscall_dispatch(pid_t tid, const SyscallDispatch& config) {
    request(PTRACE_SET_SYSCALL_USER_DISPATCH_CONFIG, tid, sizeof config, &config,
            "set the system call dispatch");
}

std::optional<std::vector<sock_filter>> get_seccomp_filter(pid_t tid, unsigned index,
                                                           uint64_t* flags) {
    long count = raw(PTRACE_SECCOMP_GET_FILTER, tid, static_cast<unsigned long>(index), nullptr);
    if (count < 0 && errno == ENOENT)
        return std::nullopt;
    if (count < 0)
        fail_ptrace(tid, "read the seccomp filter", errno);
    std::vector<sock_filter> program(static_cast<size_t>(count));
    request(PTRACE_SECCOMP_GET_FILTER, tid, static_cast<unsigned long>(index), program.data(),
            "read the seccomp filter");

    struct Metadata {
        uint64_t filter_off;
        uint64_t flags;
    } metadata = {index, 0};

    request(PTRACE_SECCOMP_GET_METADATA, tid, sizeof metadata, &metadata, "read the seccomp flags");
    *flags = metadata.flags;
    return program;
}

std::optional<std::string> get_thread_area(pid_t tid, unsigned entry) {
    std::string descriptor(16, '\0');  // struct user_desc
    // EINVAL: no such slot in this kernel; EIO: no 32-bit emulation.
    if (raw(kGetThreadArea, tid, static_cast<unsigned long>(entry), descriptor.data()) != 0)
        return std::nullopt;
    // An empty slot reads as base and limit 0 with "read, exec only" and "not present" set.
    uint32_t base = 0;
    uint32_t limit = 0;
    std::memcpy(&base, descriptor.data() + 4, 4);
    std::memcpy(&limit, descriptor.data() + 8, 4);
    if (base == 0 && limit == 0)
        return std::nullopt;
    return descriptor;
}

void set_thread_area(pid_t tid, unsigned entry, std::string_view user_desc) {
    request(kSetThreadArea, tid, static_cast<unsigned long>(entry), user_desc.data(),
            "set a TLS descriptor");
}

uint64_t get_debug_register(pid_t tid, unsigned index) {
    errno = 0;
    long value = raw(PTRACE_PEEKUSER, tid, offsetof(user, u_debugreg) + index * 8, nullptr);
    if (value == -1 && errno != 0)
        fail_ptrace(tid, "read a debug register", errno);
    return static_cast<uint64_t>(value);
}

void set_debug_register(pid_t tid, unsigned index, uint64_t value) {
    request(PTRACE_POKEUSER, tid, offsetof(user, u_debugreg) + index * 8, value,
            "set a debug register");
}

void read_memory(pid_t pid, uint64_t address, std::span<std::byte> out) {
    iovec local = {out.data(), out.size()};
    iovec remote = {reinterpret_cast<void*>(address), out.size()};
    ssize_t got = ::process_vm_readv(pid, &local, 1, &remote, 1, 0);
    if (got != static_cast<ssize_t>(out.size()))
        fail_errno(got < 0 ? errno : EFAULT, "cannot read memory of task {} at {:#x}", pid,
                   address);
}

void write_memory(pid_t pid, uint64_t address, std::span<const std::byte> data) {
    iovec local = {const_cast<std::byte*>(data.data()), data.size()};
    iovec remote = {reinterpret_cast<void*>(address), data.size()};
    ssize_t put = ::process_vm_writev(pid, &local, 1, &remote, 1, 0);
    if (put != static_cast<ssize_t>(data.size()))
        fail_errno(put < 0 ? errno : EFAULT, "cannot write memory of task {} at {:#x}", pid,
                   address);
}

}  // namespace crtool::tracee
