// ptrace(2), one typed function per request that crtool uses.
//
// Every function throws Error: Errc::gone when the thread has vanished (ESRCH), Errc::system
// otherwise. The thread must be a tracee of the calling thread and, but for seize and interrupt, be
// in a ptrace stop. Nothing here changes a thread that the caller did not ask to change.
#pragma once

#include <linux/filter.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/user.h>

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tracee/wait_status.h"

namespace crtool::tracee {

using Registers = user_regs_struct;

// PTRACE_GET_RSEQ_CONFIGURATION; address 0: not registered.
struct RseqConfig {
    uint64_t address = 0;
    uint32_t size = 0;
    uint32_t signature = 0;
    uint32_t flags = 0;
    uint32_t pad = 0;
};

// PTRACE_GET_SYSCALL_USER_DISPATCH_CONFIG; mode 0: off.
struct SyscallDispatch {
    uint64_t mode = 0;
    uint64_t selector = 0;
    uint64_t offset = 0;
    uint64_t length = 0;
};

// False when there is no such thread any more (or it is a zombie).
bool seize(pid_t tid, unsigned options);
void set_options(pid_t tid, unsigned options);
void interrupt(pid_t tid);
// PTRACE_CONT, delivering `signal` if not 0.
void resume(pid_t tid, int signal = 0);
// PTRACE_SYSCALL: as resume, but stops at the next entry to or exit from a system call.
void resume_to_syscall(pid_t tid, int signal = 0);
void detach(pid_t tid, int signal = 0);

// Waits for the next report of this thread. Throws Errc::cancelled when `cancelled` turns true and
// a signal interrupts the wait.
WaitStatus wait(pid_t tid, const std::atomic<bool>* cancelled = nullptr);
// nullopt: nothing to report yet.
std::optional<WaitStatus> try_wait(pid_t tid);

constexpr uint64_t kCompatCs = 0x23;  // code segment of 32-bit user space

// Of a thread in 32-bit code there is nothing but its cs, kCompatCs.
Registers get_registers(pid_t tid);
void set_registers(pid_t tid, const Registers& registers);
// NT_X86_XSTATE, in the layout of the XSAVE area.
std::string get_xstate(pid_t tid);
void set_xstate(pid_t tid, std::string_view xstate);
uint64_t get_sigmask(pid_t tid);
void set_sigmask(pid_t tid, uint64_t mask);
// All pending signals in queue order, without taking them.
std::vector<siginfo_t> peek_siginfo(pid_t tid, bool shared_queue);
// Not known to kernels < 5.13: then an empty configuration.
RseqConfig get_rseq(pid_t tid);
// Not known to kernels < 6.4: then off.
SyscallDispatch get_syscall_dispatch(pid_t tid);
void set_syscall_dispatch(pid_t tid, const SyscallDispatch& config);
// Filter number `index`, 0 the oldest; nullopt past the newest. Needs CAP_SYS_ADMIN.
std::optional<std::vector<sock_filter>> get_seccomp_filter(pid_t tid, unsigned index,
                                                           uint64_t* flags);
// set_thread_area(2) slot; nullopt when empty.
std::optional<std::string> get_thread_area(pid_t tid, unsigned entry);
void set_thread_area(pid_t tid, unsigned entry, std::string_view user_desc);
uint64_t get_debug_register(pid_t tid, unsigned index);
void set_debug_register(pid_t tid, unsigned index, uint64_t value);

// process_vm_readv(2)/writev(2), complete or Error. Respect the protection of the pages.
void read_memory(pid_t pid, uint64_t address, std::span<std::byte> out);
void write_memory(pid_t pid, uint64_t address, std::span<const std::byte> data);

}  // namespace crtool::tracee
