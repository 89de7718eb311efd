// The end of a session: whatever was put into a task comes out again. Written for the worst case:
// the session may have failed at any step, so each thing is looked at before it is taken away.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/first_error.h"
#include "parasite/fd_message.h"
#include "parasite/session.h"
#include "sys/kcmp.h"

namespace crtool::parasite {
namespace {

// Whether number `remote` in the task still is our descriptor `mine`.
bool still_open(pid_t tid, int remote, const sys::UniqueFd& mine) {
    return remote >= 0 && mine.valid() && sys::same_file(::getpid(), mine.get(), tid, remote);
}

}  // namespace

// Waits for the stop of a thread that was under way in the blob.
void Session::bring_to_stop(size_t index) {
    Seat& seat = seats_[index];
    if (seat.where != Where::blob)
        return;
    pid_t tid = threads_[index].tid;
    for (;;) {
        tracee::WaitStatus status = tracee::wait(tid);
        if (status.ended())
            fail(Errc::gone, "task {} was killed during the dump", pid_);
        if (status.is_event_stop())
            break;
        bool stop = status.is_signal_delivery() && status.stop_signal() == SIGSTOP;
        tracee::resume(tid, stop ? SIGSTOP : 0);
    }
    seat.where = Where::remote;
}

// `number`: what becomes -1 in the arena with the call, null: nothing.
struct Session::ClosingCall {
    tracee::RemoteCall call;
    int32_t* number;
};

// What is left of us in the task, one call each. The descriptors go first: munmap last of all.
std::vector<Session::ClosingCall> Session::closing_calls() {
    std::vector<ClosingCall> calls;
    pid_t tid = threads_.front().tid;
    auto close_number = [&](int number, const sys::UniqueFd& mine, uint64_t noted_at) {
        if (!still_open(tid, number, mine))
            return;
        auto call = remote(SYS_close, {static_cast<uint64_t>(number), 0, 0, 0, 0, 0});
        call.base.r12 = noted_at;
        calls.push_back({call, arena_.host<int32_t>(noted_at)});
    };
    if (visits_at_ != 0) {
        uint64_t sent = received_at_ + offsetof(FdMessage, fd);
        close_number(*arena_.host<int32_t>(sent), sent_, sent);
        close_number(our_fd_, control_, visits_at_ + offsetof(Visit, close_fd));
        close_number(control_fd_, their_end_, visits_at_ + offsetof(Visit, control_fd));
    }
    if (address_ == 0)
        return calls;
    if (!laid_ && lifelines_.front().stack != 0)
        laid_.emplace(lifelines_.front(), threads_.front(), address_, size_);
    calls.push_back({remote(SYS_munmap, {address_, size_, 0, 0, 0, 0}), nullptr});
    if (laid_)
        calls.back().call.base = laid_->home();
    return calls;
}

void Session::bring_all_to_stop() {
    for (size_t i = 0; i < seats_.size(); i++)
        if (seats_[i].where == Where::blob)
            tracee::interrupt(threads_[i].tid);
    for (size_t i = 0; i < seats_.size(); i++)
        bring_to_stop(i);
}

// They have nothing to do with what is left. Their registers lead into the arena until then.
void Session::send_companions_home() {
    for (size_t i = 1; i < seats_.size(); i++) {
        if (seats_[i].where != Where::remote)
            continue;
        tracee::put_back(threads_[i], pid_);
        seats_[i].where = Where::home;
        visit(i).left = 1;
    }
}

void Session::send_home() {
    if (seats_.front().where == Where::remote)
        tracee::put_back(threads_.front(), pid_);
    seats_.front().where = Where::home;
    if (laid_)
        laid_->take_back();
    laid_.reset();
    address_ = visits_at_ = 0;
    control_fd_ = our_fd_ = -1;
    sent_.reset();
}

// The next call of each session, all at once. One whose thread fails makes no more.
void Session::make_closing_calls(std::span<std::vector<ClosingCall>> all, size_t round,
                                 FirstError& failures) {
    std::vector<tracee::RemoteCall> calls;
    std::vector<std::vector<ClosingCall>*> whose;
    for (std::vector<ClosingCall>& mine : all) {
        if (round >= mine.size())
            continue;
        calls.push_back(mine[round].call);
        whose.push_back(&mine);
    }
    failures.attempt([&] { tracee::run_remote(calls); });
    for (size_t i = 0; i < calls.size(); i++) {
        if (!calls[i].done)
            whose[i]->clear();
        else if (int32_t* number = (*whose[i])[round].number)
            *number = -1;
    }
}

void Session::close(Batch sessions) {
    FirstError failures;
    // Each session has a different number of calls, but a thread does one at a time: round by
    // round.
    std::vector<std::vector<ClosingCall>> all(sessions.size());
    size_t rounds = 0;
    for (size_t i = 0; i < sessions.size(); i++)
        failures.attempt([&] {
            sessions[i]->bring_all_to_stop();
            sessions[i]->send_companions_home();
            if (sessions[i]->seats_.front().where == Where::remote)
                all[i] = sessions[i]->closing_calls();
            rounds = std::max(rounds, all[i].size());
        });
    for (size_t round = 0; round < rounds; round++)
        make_closing_calls(all, round, failures);
    for (Session* session : sessions)
        failures.attempt([&] { session->send_home(); });
    failures.rethrow();
}

}  // namespace crtool::parasite
