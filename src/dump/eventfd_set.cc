// See eventfd_set.h. From the first operation that changes a counter none may end the script, so
// all of them go on whatever their result is.
#include "dump/eventfd_set.h"

#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>

#include "base/fault.h"

namespace crtool::dump {
namespace {

using parasite::kGoOn;
using parasite::Ref;

constexpr uint64_t kOtherBytes = 1024;  // the script itself
constexpr uint64_t kSize = sizeof(uint64_t);

// Never waits: somebody outside of the tree may read it, too.
Ref take(parasite::ScriptBuilder& script, int fd, uint64_t to) {
    iovec vector = {.iov_base = reinterpret_cast<void*>(to), .iov_len = kSize};
    constexpr uint64_t kNoPosition = ~uint64_t{0};
    return script.call("read it", SYS_preadv2,
                       {fd, script.arena().put(vector), 1, kNoPosition, kNoPosition, RWF_NOWAIT},
                       kGoOn);
}

}  // namespace

// With two or more, one read tells: a semaphore gives 1, another all, and what was given is put
// back. Less is made two first, which a semaphore gives in two reads.
EventfdAnswer emit_eventfd_question(int fd, uint64_t counter, parasite::ScriptBuilder& script) {
    parasite::Arena& arena = script.arena();
    script.about("eventfd", fd);
    auto write = [&](uint64_t from) {
        script.call("write to it", SYS_write, {fd, from, kSize}, kGoOn);
    };
    EventfdAnswer answer = {.count = arena.take(kSize, kSize)};
    if (counter >= 2) {
        answer.taken = take(script, fd, answer.count);
        script.call("put it back", parasite::kSkipOnError, {answer.taken, 1}, kGoOn);
        write(answer.count);
        return answer;
    }
    write(arena.put(2 - counter));
    answer.taken = take(script, fd, answer.count);
    take(script, fd, arena.take(kSize, kSize));
    if (counter != 0)
        write(arena.put(counter));
    return answer;
}

void EventfdSet::add(const FdProbe& probe, uint32_t file, uint64_t counter) {
    entries_.push_back({.task = probe.task,
                        .fd = probe.number,
                        .object = object_text(probe.proc_name, probe.link),
                        .file = file,
                        .counter = counter});
}

uint64_t EventfdSet::bytes(const TaskProbe& task) const {
    auto asked = std::ranges::count(entries_, task.pid(), &Entry::task);
    return asked == 0 ? 0 : static_cast<uint64_t>(asked) * kEventfdQuestionBytes + kOtherBytes;
}

void EventfdSet::ask(const std::vector<TaskProbe>& tasks, Problems& problems) {
    for (const TaskProbe& task : tasks)
        if (bytes(task) != 0)
            ask_in(task, problems);
}

// Nothing may come between start and finish: the script is not to be stopped halfway.
void EventfdSet::ask_in(const TaskProbe& task, Problems& problems) {
    auto refuse = [&](const Entry& entry, const char* reason, const char* way_out, Lasts lasts) {
        problems.add(entry.task, entry.object, reason, way_out, lasts);
    };
    auto is_asked = [&](const Entry& entry) { return entry.task == task.pid(); };
    parasite::Session& session = *task.session;
    if (session.shut())
        return refuse(*std::ranges::find_if(entries_, is_asked),
                      "an eventfd whose mode only the task can find out here (before Linux 6.5), "
                      "and it has no descriptor to spare for that",
                      "raise its RLIMIT_NOFILE (prlimit(1))", Lasts::on);
    fault::point("find out the mode of eventfds");
    parasite::ScriptBuilder script(session.arena(), session.steps(), task.pid());
    for (Entry& entry : entries_)
        if (is_asked(entry))
            entry.answer = emit_eventfd_question(entry.fd, entry.counter, script);
    session.start(0, script.finish());
    session.finish(0);
    for (Entry& entry : entries_) {
        if (!is_asked(entry))
            continue;
        if (script.result(entry.answer.taken).result < 0)
            refuse(entry, "an eventfd that somebody outside of the tree reads",
                   "stop whoever that is", Lasts::a_moment);
        entry.semaphore = *session.arena().host<uint64_t>(entry.answer.count) == 1;
    }
}

void EventfdSet::record(std::vector<image::OpenFile>& files) const {
    for (const Entry& entry : entries_)
        files[entry.file - 1].mutable_eventfd()->set_semaphore(entry.semaphore);
}

}  // namespace crtool::dump
