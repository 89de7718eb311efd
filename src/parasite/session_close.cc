// The end of a session: whatever was put into a task comes out again. Written for the worst case:
// the session may have failed at any step, so each thing is looked at before it is taken away.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "base/log.h"
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

// What is left of us in the task, one call each. The descriptors go first: munmap last of all.
void Session::collect_closing_calls(std::vector<tracee::RemoteCall>& calls) {
    pid_t tid = threads_.front().tid;
    auto close_number = [&](int number) {
        calls.push_back(remote(SYS_close, {static_cast<uint64_t>(number), 0, 0, 0, 0, 0}));
    };
    if (sent_.valid() && arena_.size() != 0) {
        int number = arena_.host<FdMessage>(received_at_)->fd;
        if (still_open(tid, number, sent_))
            close_number(number);
    }
    if (still_open(tid, our_fd_, control_))
        close_number(our_fd_);
    if (still_open(tid, control_fd_, their_end_))
        close_number(control_fd_);
    if (address_ != 0)
        calls.push_back(remote(SYS_munmap, {address_, size_, 0, 0, 0, 0}));
}

void Session::bring_all_to_stop() {
    for (size_t i = 0; i < seats_.size(); i++)
        if (seats_[i].where == Where::blob)
            tracee::interrupt(threads_[i].tid);
    for (size_t i = 0; i < seats_.size(); i++)
        bring_to_stop(i);
}

void Session::send_home() {
    for (size_t i = 0; i < seats_.size(); i++) {
        if (seats_[i].where != Where::remote)
            continue;
        tracee::put_back(threads_[i], pid_);
        seats_[i].where = Where::home;
    }
    address_ = 0;
    control_fd_ = our_fd_ = -1;
    sent_.reset();
}

void Session::close(Batch sessions) {
    // Each session has a different number of calls, but a thread does one at a time: round by
    // round.
    std::vector<std::vector<tracee::RemoteCall>> all(sessions.size());
    for (size_t i = 0; i < sessions.size(); i++) {
        sessions[i]->bring_all_to_stop();
        if (sessions[i]->seats_.front().where == Where::remote)
            sessions[i]->collect_closing_calls(all[i]);
    }
    for (size_t round = 0;; round++) {
        std::vector<tracee::RemoteCall> calls;
        for (const auto& mine : all)
            if (round < mine.size())
                calls.push_back(mine[round]);
        if (calls.empty())
            break;
        tracee::run_remote(calls);
    }
    for (Session* session : sessions)
        session->send_home();
}

}  // namespace crtool::parasite
