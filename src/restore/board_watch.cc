// See board_watch.h.
#include "restore/board_watch.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>

#include <optional>

#include "arch/x86_64/raw_syscall.h"
#include "base/error.h"
#include "base/fault.h"
#include "restore/signal_script.h"
#include "tracee/ptrace.h"

namespace crtool::restore {
namespace {

constexpr std::chrono::milliseconds kGlance{50};
constexpr std::chrono::milliseconds kBlink{1};
// Before the tasks are traced, one that is killed by somebody else leaves no trace here.
constexpr std::chrono::seconds kPatience{60};

uint32_t load(const uint32_t& word) {
    return __atomic_load_n(&word, __ATOMIC_SEQ_CST);
}

void wait_on(uint32_t& word, uint32_t seen, std::chrono::nanoseconds time) {
    timespec timeout{0, time.count()};
    arch::raw_syscall(SYS_futex, reinterpret_cast<uint64_t>(&word), FUTEX_WAIT, seen,
                      reinterpret_cast<uint64_t>(&timeout));
}

void wake_all(uint32_t& word) {
    arch::raw_syscall(SYS_futex, reinterpret_cast<uint64_t>(&word), FUTEX_WAKE, INT32_MAX);
}

}  // namespace

BoardWatch::BoardWatch(const Context& ctx, const std::atomic<bool>& cancelled, DeathNotice deaths)
    : ctx_(ctx), board_(ctx.board_on_host()), cancelled_(cancelled), deaths_(std::move(deaths)) {}

void BoardWatch::throw_posted_error() const {
    uint32_t state = load(board_->failed);
    if (state == 0)
        return;
    for (int i = 0; load(board_->failed) == 1 && i < 1000; i++)
        wait_on(board_->coordinator, load(board_->coordinator), std::chrono::milliseconds(1));
    const parasite::Report& report = board_->error;
    fail_errno(report.err, "{}", ctx_.steps.describe(report.step));
}

// A task that has failed says so before it ends: its word counts more than its end.
void BoardWatch::look_for_deaths() const {
    std::string who = deaths_();
    if (who.empty())
        return;
    throw_posted_error();
    fail(Errc::system, "{}", who);
}

void BoardWatch::await(Stage stage) {
    fault::point("wait for the restored tasks");
    uint32_t arrived = 0;
    auto moved = std::chrono::steady_clock::now();
    for (;;) {
        uint32_t seen = load(board_->coordinator);
        throw_posted_error();
        if (cancelled_)
            fail(Errc::cancelled, "stopped on request");
        uint32_t now = load(board_->arrived[stage]);
        if (now >= ctx_.expected[stage])
            return;
        auto time = std::chrono::steady_clock::now();
        if (now != arrived)
            moved = time;
        arrived = now;
        if (stage == kTree && time - moved > kPatience)
            fail_errno(ETIMEDOUT, "only {} of {} tasks came into being", now, ctx_.expected[stage]);
        look_around(seen, kGlance);
    }
}

void BoardWatch::glance() {
    throw_posted_error();
    if (cancelled_)
        fail(Errc::cancelled, "stopped on request");
    look_around(load(board_->coordinator), kBlink);
}

void BoardWatch::look_around(uint32_t seen, std::chrono::milliseconds time) const {
    wait_on(board_->coordinator, seen, notified_.empty() ? time : kBlink);
    for (pid_t tid : notified_) {
        std::optional<tracee::WaitStatus> status = tracee::try_wait(tid);
        if (!status)
            continue;
        if (status->ended())
            fail(Errc::gone, "thread {} ended while it was restored", tid);
        tracee::resume(tid, status->is_signal_delivery() ? status->stop_signal() : 0);
    }
    look_for_deaths();
}

void BoardWatch::resume_notified() {
    for (const image::Task& task : ctx_.image.tasks) {
        bool is_sent = has_pending(task.shared_pending(), SIGCONT);
        for (const image::Thread& thread : task.threads())
            is_sent = is_sent || has_pending(thread.pending(), SIGCONT);
        if (!is_sent)
            continue;
        for (const image::Thread& thread : task.threads())
            if (!thread.exited())
                notified_.push_back(static_cast<pid_t>(thread.tid()));
    }
}

void BoardWatch::release(Stage stage) {
    __atomic_store_n(&board_->stage, stage, __ATOMIC_SEQ_CST);
    wake_all(board_->stage);
}

void BoardWatch::abandon() {
    uint32_t none = 0;
    __atomic_compare_exchange_n(&board_->failed, &none, 1, false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    wake_all(board_->stage);
}

}  // namespace crtool::restore
