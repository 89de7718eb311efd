// The operations of a plan (fd_plan.h), and what else a task needs of its files.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/error.h"
#include "restore/epoll.h"
#include "restore/fd_plan.h"
#include "restore/files.h"
#include "restore/pipe.h"
#include "restore/registry.h"

namespace crtool::restore {
namespace {

// Signals about a file are allowed by the user ids of whoever called F_SETOWN.
void set_owner(const FileBuild& build, const image::FileOwner& owner, int fd) {
    parasite::ScriptBuilder& script = build.script;
    bool other_user = owner.uid() != 0 || owner.euid() != 0;
    if (other_user)
        script.call("become the user who set its owner", SYS_setresuid,
                    {owner.uid(), owner.euid(), 0});
    if (owner.pid() != 0) {
        f_owner_ex value = {};
        value.type = static_cast<decltype(value.type)>(owner.type());
        value.pid = owner.pid();
        script.call("set its owner", SYS_fcntl, {fd, F_SETOWN_EX, script.arena().put(value)});
    }
    if (other_user)
        script.call("become root again", SYS_setresuid, {0, 0, 0});
    if (owner.signal() != 0)
        script.call("set its signal", SYS_fcntl, {fd, F_SETSIG, owner.signal()});
}

}  // namespace

int Files::number(int planned) const {
    if (planned < kStash)
        return planned;
    int at = service_.stash + planned - kStash;
    if (at >= service_.stash_end)
        fail(Errc::internal, "the stash has {} numbers only", service_.stash_end - service_.stash);
    return at;
}

void Files::emit_step(const FdStep& step, const TablePlan& table, parasite::ScriptBuilder& script,
                      std::vector<Expected>& expected) const {
    FileBuild build = {*this, script};
    int from = step.from < 0 ? -1 : number(step.from);
    int to = step.to < 0 ? -1 : number(step.to);
    auto expect = [&](parasite::Ref result) { expected.push_back({result.op, to}); };
    switch (step.what) {
        case FdStep::Do::make:
        case FdStep::Do::reopen: {
            const RestoreKind& kind = restore_kind(file(step.id));
            script.about(kind.name, from);
            // Of a file that is made, `from` is only the number that it is made for.
            int end = step.what == FdStep::Do::reopen ? from : -1;
            expect(kind.make(build, file(step.id), step.cloexec, end));
            return;
        }
        case FdStep::Do::make_pipe:
            script.about("pipe", from);
            make_both_ends(build, pipe(step.id), from, to, step.cloexec);
            return;
        case FdStep::Do::make_fifo:
            script.about("FIFO");
            expect(make_fifo(build, pipe(step.id), to));
            return;
        case FdStep::Do::place:
            script.call("give it its number", parasite::kPlace, {from, to, step.cloexec});
            return;
        case FdStep::Do::copy:
            script.about("descriptor", to);
            script.call("duplicate it", SYS_dup3, {from, to, step.cloexec ? O_CLOEXEC : 0});
            return;
        case FdStep::Do::drop:
            script.call("close it", SYS_close, {to});
            return;
        case FdStep::Do::pidfd:
            script.about("files of task", step.id);
            expect(script.call("open a pidfd", SYS_pidfd_open, {step.id, 0}));
            return;
        case FdStep::Do::take:
            script.about("descriptor", from);
            expect(script.call("take it from its owner", SYS_pidfd_getfd,
                               {number(table.pidfd), from, 0}));
            return;
        case FdStep::Do::fill:
            if (auto fill = restore_kind(file(step.id)).fill)
                fill(build, file(step.id), to);
            return;
        case FdStep::Do::watch:
            script.about("epoll", to);
            add_watch(build, file(step.id), step.from, to);
            return;
        default:
            return emit_unix_step(step, table, script);
    }
}

parasite::Ref Files::emit_file(parasite::ScriptBuilder& script, uint32_t id) const {
    const RestoreKind& kind = restore_kind(file(id));
    return kind.make({*this, script}, file(id), true, -1);
}

void Files::emit_open(const image::Task& task, parasite::ScriptBuilder& script) {
    auto table = plan_->tables.find(task.pid());
    if (table == plan_->tables.end())
        return;
    for (const FdStep& step : table->second.open)
        emit_step(step, table->second, script, expected_[task.pid()]);
}

void Files::emit_share(const image::Task& task, parasite::ScriptBuilder& script) {
    auto table = plan_->tables.find(task.pid());
    if (table == plan_->tables.end() || table->second.share.empty())
        return;
    for (const FdStep& step : table->second.share)
        emit_step(step, table->second, script, expected_[task.pid()]);
}

void Files::emit_link(const image::Task& task, parasite::ScriptBuilder& script) const {
    emit_cwd(task, script);
    auto table = plan_->tables.find(task.pid());
    if (table == plan_->tables.end())
        return;
    std::vector<Expected> none;
    for (const FdStep& step : table->second.link)
        emit_step(step, table->second, script, none);
    if (table->second.stash == 0)
        return;
    script.about("stash");
    int last = number(kStash + table->second.stash - 1);
    script.call("close it", SYS_close_range, {service_.stash, last, 0});
}

void Files::emit_async(const image::Task& task, parasite::ScriptBuilder& script) const {
    auto table = plan_->tables.find(task.pid());
    if (table == plan_->tables.end())
        return;
    for (const TablePlan::Async& async : table->second.async) {
        const image::OpenFile& open_file = file(async.file);
        FileBuild build = {*this, script};
        script.about("descriptor", async.fd);
        set_owner(build, open_file.owner(), async.fd);
        if ((open_file.flags() & O_ASYNC) != 0)
            script.call("set its status flags", SYS_fcntl,
                        {async.fd, F_SETFL, status_flags(open_file) | O_ASYNC});
    }
}

// Opened here, as long as the descriptor of a deleted directory is there; nothing after this
// depends on where a task is.
void Files::emit_cwd(const image::Task& task, parasite::ScriptBuilder& script) const {
    if (task.shares_fs() != 0 || task.cwd() == 0)
        return;
    script.about("working directory");
    parasite::Ref cwd = emit_file(script, task.cwd());
    script.call("enter it", SYS_fchdir, {cwd});
    script.call("close it", SYS_close, {cwd});
}

void Files::emit_fs(const image::Task& task, parasite::ScriptBuilder& script) const {
    if (task.shares_fs() != 0)
        return;
    script.about("root directory");
    if (task.root() != 0) {
        std::string path = path_of(file(task.root()).regular());
        if (path != "/")
            script.call("make it the root", SYS_chroot, {script.arena().put_string(path)});
    }
    script.call("set the umask", SYS_umask, {task.umask()});
}

void Files::check_numbers(const image::Task& task, const parasite::ScriptBuilder& script) const {
    auto at = expected_.find(task.pid());
    if (at == expected_.end())
        return;
    for (const Expected& expected : at->second) {
        int64_t got = script.result(parasite::Ref{expected.op}).result;
        if (got != expected.number)
            fail(Errc::internal, "task {}: a file was to be descriptor {} and became {}",
                 task.pid(), expected.number, got);
    }
}

}  // namespace crtool::restore
