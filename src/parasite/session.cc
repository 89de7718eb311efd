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
#include "base/first_error.h"
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

uint64_t Session::bytes(std::span<const tracee::ThreadState> threads, uint64_t data_bytes) {
    uint64_t per_thread =
        kThreadStack + sizeof(Visit) + 64 + arch::sigframe_size(threads.front().xstate.size());
    return kCodeBytes +
           round_up(data_bytes + kLeaderStack + per_thread * threads.size() + 4096, kPageBytes);
}

Session::Session(pid_t pid, const tracee::Foothold& foothold, Confinement confinement, bool shut,
                 std::span<const tracee::ThreadState> threads, uint64_t bytes, Steps& steps)
    : pid_(pid),
      foothold_(foothold),
      confinement_(confinement),
      shut_(shut),
      threads_(threads),
      size_(bytes),
      steps_(steps),
      seats_(threads.size()) {
    for (size_t i = 0; i < threads.size(); i++)
        lifelines_.push_back(find_lifeline(foothold, threads[i], foothold.rooms[i]));
    // Going home alive comes first: not over what may be no stack, nor by calls that seccomp
    // forbids.
    leaves_nothing_ = confinement.may_leave;
    for (size_t i = 0; i < threads.size(); i++)
        leaves_nothing_ = leaves_nothing_ && lifelines_[i].stack != 0 && foothold.rooms[i].certain;
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

Visit& Session::visit(size_t index) const {
    return arena_.host<Visit>(visits_at_)[index];
}

// For code of the blob, which thread `index` runs on its stack in the arena.
tracee::Registers Session::blob_registers(size_t index) const {
    tracee::Registers registers = threads_[index].registers;
    registers.rbx = registers.rdi = visits_at_ + index * sizeof(Visit);
    registers.rsp = seats_[index].stack_top;
    registers.orig_rax = static_cast<unsigned long long>(-1);
    registers.eflags = arch::kPlainFlags;  // no direction, trap or alignment-check flag
    return registers;
}

tracee::RemoteCall Session::remote(uint64_t number, std::array<uint64_t, 6> args) const {
    tracee::RemoteCall call = {.tid = threads_.front().tid,
                               .syscall_address = foothold_.code.syscall,
                               .base = threads_.front().registers,
                               .number = number,
                               .args = args};
    if (laid_) {
        call.syscall_address = foothold_.code.syscall_ret;
        call.base = laid_->undo();
    } else if (visits_at_ != 0) {
        call.syscall_address = address_ + kCallEntry;
        call.base = blob_registers(0);
        call.base.r12 = visits_at_ + offsetof(Visit, scratch);
    }
    return call;
}

// One call in each task of `sessions`. What was made in some is known when others fail: it has to
// be taken out again.
template <typename Make, typename Take>
void Session::call_all(Batch sessions, const char* step, Make make, Take take) {
    if (sessions.empty())
        return;
    fault::point(step);
    std::vector<tracee::RemoteCall> calls;
    for (Session* session : sessions)
        calls.push_back(make(*session));
    FirstError failures;
    failures.attempt([&] { tracee::run_remote(calls); });
    for (size_t i = 0; i < sessions.size(); i++)
        if (calls[i].done)
            failures.attempt([&] { take(*sessions[i], calls[i].result); });
    failures.rethrow();
}

void Session::open(Batch sessions) {
    for (Session* session : sessions)
        session->borrow_leader();
    map_arenas(sessions);
    std::vector<Session*> open_ones;
    for (Session* session : sessions)
        if (!session->shut_)
            open_ones.push_back(session);
    call_all(
        open_ones, "open the control socket",
        [](Session& s) {
            return s.remote(SYS_socketpair, {AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0,
                                             s.visits_at_ + offsetof(Visit, close_fd), 0, 0});
        },
        [](Session& s, int64_t result) { s.take_control(result); });
}

void Session::borrow_leader() {
    const tracee::ThreadState& leader = threads_.front();
    seats_.front().where = Where::remote;
    if (lifelines_.front().stack != 0) {
        laid_.emplace(lifelines_.front(), leader, foothold_.free_address, size_);
        tracee::set_registers(leader.tid, laid_->go_home());
    }
    tracee::prepare_visit(leader, confinement_.seccomp);
}

// The arena is there, and leads home.
void Session::move_in() {
    if (!laid_)
        return;
    tracee::Registers registers = blob_registers(0);
    registers.rip = address_ + kHomeEntry;
    tracee::set_registers(threads_.front().tid, registers);
    laid_->take_back();
    laid_.reset();
}

// Code and data in one area. PR_SET_MDWE (prctl(2)) forbids what is writable and executable: there
// the data is made writable by a call of its own, and the arena is two areas.
void Session::map_arenas(Batch sessions) {
    auto map = [](uint64_t protection) {
        return [protection](Session& s) {
            return s.remote(
                SYS_mmap,
                {s.foothold_.free_address, s.size_, protection,
                 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, ~0ull, 0});
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
        session->move_in();
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
    uint64_t visits = arena_.take(sizeof(Visit) * threads_.size());
    received_at_ = arena_.take(sizeof(FdMessage));
    uint64_t life = 0;
    if (shut_) {
        life = arena_.take(HostLife::kBytes);
        host_life_.emplace(arena_.host<std::byte>(life));
    } else if (confinement_.may_leave) {
        life = arena_.take(sizeof(uint32_t));
    }
    visits_at_ = visits;
    for (size_t i = 0; i < threads_.size(); i++)
        lay_out_visit(i, life);
    if (confinement_.may_leave) {
        visit(0).arena = address_;
        visit(0).arena_size = size_;
    }
    visit(0).companions = threads_.size() - 1;
}

void Session::lay_out_visit(size_t index, uint64_t host_life) {
    const tracee::ThreadState& thread = threads_[index];
    uint64_t stack = index == 0 ? kLeaderStack : kThreadStack;
    seats_[index].stack_top = arena_.take(stack) + stack;
    uint64_t frame = arena_.take(arch::sigframe_size(thread.xstate.size()), arch::kFrameAlignment);
    std::string bytes =
        arch::make_sigframe(frame, thread.interrupted, thread.xstate, thread.sigmask);
    std::memcpy(arena_.host<char>(frame), bytes.data(), bytes.size());
    Visit& visit = this->visit(index);
    visit.frame = frame;
    visit.frame_size = bytes.size();
    visit.close_fd = visit.control_fd = -1;
    visit.after = index == 0 && !shut_ ? kNext : kHangUp;
    visit.host_life = host_life;
    visit.left = index == 0 ? 0 : 1;
    if (leaves_nothing_)
        visit.lifeline = lifelines_[index];
}

void Session::take_control(int64_t result) {
    check_remote(result, "cannot open a socket pair", pid_);
    our_fd_ = visit(0).close_fd;
    control_fd_ = visit(0).control_fd;
    sys::PidFd task(threads_.front().tid);
    control_ = task.take_fd(our_fd_);
    their_end_ = task.take_fd(control_fd_);
    for (size_t i = 1; i < threads_.size(); i++)
        visit(i).control_fd = control_fd_;
}

void Session::start(size_t index, uint64_t script) {
    Seat& seat = seats_[index];
    seat.script = script;
    arena_.host<Script>(script)->state = kRunning;
    visit(index).script = script;
    if (seat.where == Where::blob) {
        sys::write_all(control_.get(), "x");
        return;
    }
    const tracee::ThreadState& thread = threads_[index];
    tracee::Registers registers = blob_registers(index);
    registers.rip = address_ + kVisitEntry;
    visit(index).left = 0;
    tracee::set_registers(thread.tid, registers);
    if (seat.where == Where::home)
        tracee::prepare_visit(thread, confinement_.seccomp);
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
    if (shut_)
        return;
    script.call("close the host's end", SYS_close, {our_fd_});
    script.call("forget the host's end", kCopy,
                {visits_at_ + offsetof(Visit, close_fd), arena_.put(int32_t{-1}), 4});
}

}  // namespace crtool::parasite
