// See session.h.
#include "parasite/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <cstring>

#include "arch/x86_64/flags.h"
#include "arch/x86_64/sigframe.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "parasite/blob_bytes.h"
#include "parasite/blob_entry.h"
#include "parasite/fd_message.h"
#include "parasite/host_futex.h"
#include "sys/pidfd.h"
#include "sys/scm_rights.h"

namespace crtool::parasite {
namespace {

constexpr uint64_t kLeaderStack = 16384;
constexpr uint64_t kThreadStack = 8192;

constexpr uint64_t round_up(uint64_t value, uint64_t to) {
    return (value + to - 1) / to * to;
}

const uint64_t kCodeBytes = round_up(kBlobSize, kPageBytes);

void check_remote(int64_t result, const char* what, pid_t pid) {
    if (result < 0 && result > -4096)
        fail_errno(static_cast<int>(-result), "task {} {}", pid, what);
}

}  // namespace

Session::Session(pid_t pid, const tracee::Foothold& foothold, bool suspend_seccomp, bool shut,
                 std::span<const tracee::ThreadState> threads, uint64_t data_bytes, Steps& steps)
    : pid_(pid),
      foothold_(foothold),
      suspend_seccomp_(suspend_seccomp),
      shut_(shut),
      threads_(threads),
      steps_(steps),
      seats_(threads.size()) {
    uint64_t per_thread =
        kThreadStack + sizeof(Visit) + 64 + arch::sigframe_size(threads.front().xstate.size());
    size_ = kCodeBytes +
            round_up(data_bytes + kLeaderStack + per_thread * threads.size() + 4096, kPageBytes);
}

Session::~Session() {
    Session* self = this;
    try {
        close(Batch(&self, 1));
    } catch (const Error& error) {
        log::warn("task {}: {}", pid_, error.what());
    }
}

void Session::forget_task() {
    for (Seat& seat : seats_)
        seat.where = Where::home;
}

tracee::RemoteCall Session::remote(uint64_t number, std::array<uint64_t, 6> args) const {
    return {.tid = threads_.front().tid,
            .syscall_address = foothold_.syscall,
            .base = threads_.front().registers,
            .number = number,
            .args = args};
}

// One call in each task of `sessions`.
template <typename Make, typename Take>
void Session::call_all(Batch sessions, const char* step, Make make, Take take) {
    if (sessions.empty())
        return;
    fault::point(step);
    std::vector<tracee::RemoteCall> calls;
    for (Session* session : sessions)
        calls.push_back(make(*session));
    tracee::run_remote(calls);
    for (size_t i = 0; i < sessions.size(); i++)
        take(*sessions[i], calls[i].result);
}

void Session::open(Batch sessions) {
    for (Session* session : sessions) {
        tracee::prepare_visit(session->threads_.front(), session->suspend_seccomp_);
        session->seats_.front().where = Where::remote;
    }
    map_arenas(sessions);
    std::vector<Session*> open_ones;
    for (Session* session : sessions)
        if (!session->shut_)
            open_ones.push_back(session);
    call_all(
        open_ones, "open the control socket",
        [](Session& s) {
            return s.remote(SYS_socketpair,
                            {AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s.received_at_, 0, 0});
        },
        [](Session& s, int64_t result) { s.take_control(result); });
}

// Code and data in one area. PR_SET_MDWE (prctl(2)) forbids what is writable and executable: there
// the data is made writable by a call of its own, and the arena is two areas.
void Session::map_arenas(Batch sessions) {
    auto map = [](uint64_t protection) {
        return [protection](Session& s) {
            return s.remote(SYS_mmap, {0, s.size_, protection,
                                       MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, ~0ull, 0});
        };
    };
    std::vector<Session*> split;
    call_all(sessions, "map the arena", map(PROT_READ | PROT_WRITE | PROT_EXEC),
             [&](Session& s, int64_t result) {
                 if (result == -EACCES)
                     split.push_back(&s);
                 else
                     s.take_arena(result);
             });
    call_all(split, "map the arena's code", map(PROT_READ | PROT_EXEC),
             [](Session& s, int64_t result) { s.take_arena(result); });
    call_all(
        split, "make the arena's data writable",
        [](Session& s) {
            return s.remote(SYS_mprotect, {s.address_ + kCodeBytes, s.size_ - kCodeBytes,
                                           PROT_READ | PROT_WRITE, 0, 0, 0});
        },
        [](Session& s, int64_t result) {
            check_remote(result, "cannot make the arena writable", s.pid_);
            s.first_area_ = kCodeBytes;
        });
    for (Session* session : sessions) {
        session->find_arena();
        session->lay_out();
    }
}

void Session::take_arena(int64_t result) {
    check_remote(result, "cannot map the arena", pid_);
    address_ = static_cast<uint64_t>(result);
    first_area_ = size_;
}

// The host maps the same memory by the name that /proc gives its first area
// (proc_pid_map_files(5)), so the task needs no descriptor for it.
void Session::find_arena() {
    std::string name = fmt::format("/proc/{}/map_files/{:x}-{:x}", threads_.front().tid, address_,
                                   address_ + first_area_);
    sys::UniqueFd memory = sys::open_at(AT_FDCWD, name, O_RDWR);
    mapping_ = sys::Mapping(nullptr, size_, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
    std::memcpy(mapping_.data(), kBlob, kBlobSize);
}

// Visits, stacks and frames of all threads: everything that the lonely way home needs is there
// before the first instruction of the blob runs.
void Session::lay_out() {
    arena_ = Arena(mapping_.data() + kCodeBytes, address_ + kCodeBytes, size_ - kCodeBytes);
    for (size_t i = 0; i < threads_.size(); i++) {
        const tracee::ThreadState& thread = threads_[i];
        uint64_t stack = i == 0 ? kLeaderStack : kThreadStack;
        seats_[i].stack_top = arena_.take(stack) + stack;
        uint64_t frame = arena_.take(arch::sigframe_size(thread.xstate.size()), 64);
        std::string bytes =
            arch::make_sigframe(frame, thread.interrupted, thread.xstate, thread.sigmask);
        std::memcpy(arena_.host<char>(frame), bytes.data(), bytes.size());
        Visit visit = {};
        visit.frame = frame;
        visit.control_fd = -1;
        visit.close_fd = -1;
        visit.after = i == 0 && !shut_ ? kNext : kHangUp;
        seats_[i].visit = arena_.put(visit);
    }
    received_at_ = arena_.take(sizeof(FdMessage));
}

void Session::take_control(int64_t result) {
    check_remote(result, "cannot open a socket pair", pid_);
    const int* pair = arena_.host<int>(received_at_);
    our_fd_ = pair[0];
    control_fd_ = pair[1];
    sys::PidFd task(threads_.front().tid);
    control_ = task.take_fd(our_fd_);
    their_end_ = task.take_fd(control_fd_);
    for (const Seat& seat : seats_)
        arena_.host<Visit>(seat.visit)->control_fd = control_fd_;
    arena_.host<Visit>(seats_.front().visit)->close_fd = our_fd_;
}

void Session::start(size_t index, uint64_t script) {
    Seat& seat = seats_[index];
    seat.script = script;
    arena_.host<Script>(script)->state = kRunning;
    arena_.host<Visit>(seat.visit)->script = script;
    if (seat.where == Where::blob) {
        sys::write_all(control_.get(), "x");
        return;
    }
    const tracee::ThreadState& thread = threads_[index];
    if (seat.where == Where::home)
        tracee::prepare_visit(thread, suspend_seccomp_);
    tracee::Registers registers = thread.registers;
    registers.rip = address_ + kVisitEntry;
    registers.rdi = seat.visit;
    registers.rsp = seat.stack_top;
    registers.orig_rax = static_cast<unsigned long long>(-1);
    registers.eflags = arch::kPlainFlags;  // no direction, trap or alignment-check flag
    tracee::set_registers(thread.tid, registers);
    tracee::resume(thread.tid);
    seat.where = Where::blob;
}

void Session::finish(size_t index) {
    const Seat& seat = seats_[index];
    Script* script = arena_.host<Script>(seat.script);
    pid_t tid = threads_[index].tid;
    while (!wait_futex(&script->state, kRunning, std::chrono::milliseconds(50))) {
        std::optional<tracee::WaitStatus> status = tracee::try_wait(tid);
        if (!status)
            continue;
        if (status->ended())
            fail(Errc::gone, "task {} was killed during the dump", pid_);
        if (status->is_signal_delivery() && status->stop_signal() != SIGSTOP)
            fail(Errc::internal, "thread {} got signal {} while crtool worked in it", tid,
                 status->stop_signal());
        tracee::resume(tid, status->is_signal_delivery() ? status->stop_signal() : 0);
    }
    if (script->report.err != 0)
        fail_script(*script);
}

// Should `look` fail, close() finds the thread where it stands.
void Session::hold(size_t index, const std::function<void()>& look) {
    tracee::interrupt(threads_[index].tid);
    bring_to_stop(index);
    look();
    tracee::resume(threads_[index].tid);
    seats_[index].where = Where::blob;
}

void Session::fail_script(const Script& script) {
    fail_errno(script.report.err, "{}", steps_.describe(script.report.step));
}

void Session::send_fd(int fd) {
    fault::point("send a descriptor");
    sent_ = sys::duplicate(fd);
    sys::send_fds(control_.get(), std::span(&fd, 1));
}

Ref Session::receive_fd(ScriptBuilder& script) {
    FdMessage message = {};
    message.vectors = 1;
    message.vector = received_at_ + offsetof(FdMessage, base);
    message.base = received_at_ + offsetof(FdMessage, data);
    message.size = sizeof message.data;
    message.control = received_at_ + offsetof(FdMessage, ancillary_size);
    message.control_size = sizeof message - offsetof(FdMessage, ancillary_size);
    message.fd = -1;  // nothing comes when crtool has died
    *arena_.host<FdMessage>(received_at_) = message;
    script.call("receive a descriptor", SYS_recvmsg, {control_fd_, received_at_, MSG_CMSG_CLOEXEC});
    return script.call("read the descriptor's number", kWord,
                       {received_at_ + offsetof(FdMessage, fd)}, kGoOn);
}

void Session::settle_in(ScriptBuilder& script) {
    if (!shut_)
        script.call("close the host's end", SYS_close, {our_fd_});
}

}  // namespace crtool::parasite
