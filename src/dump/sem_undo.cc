// See sem_undo.h.
#include "dump/sem_undo.h"

#include <errno.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "dump/inside.h"
#include "sys/kcmp.h"

namespace crtool::dump {
namespace {

constexpr int kGreatest = std::numeric_limits<int16_t>::max();  // of values and adjustments
constexpr int kLeast = std::numeric_limits<int16_t>::min();     // of adjustments
constexpr size_t kOperationsPerTest = 4;

bool shares_list(pid_t a, pid_t b) {
    return sys::kcmp(a, b, sys::KcmpKind::sysv_sem) == std::strong_ordering::equal;
}

// No semaphore has a value from which it could be done.
void add_impossible(unsigned number, std::vector<sembuf>& operations) {
    operations.push_back({static_cast<unsigned short>(number), kLeast, IPC_NOWAIT});
}

uint64_t bytes_of(size_t semaphores) {
    return (semaphores * kOperationsPerTest + 1) * sizeof(sembuf) + 16;
}

// Calls that ask one thing after the other of the task's first thread.
class Caller {
  public:
    Caller(TaskProbe& task, int set)
        : task_(task), script_(task.session->arena(), task.session->steps(), task.pid()) {
        script_.about("semaphore set", set);
        constexpr size_t kOperations = kOperationsPerTest + 1;
        operations_ = script_.arena().take(kOperations * sizeof(sembuf));
        asked_ = script_.call("ask for what it would undo", SYS_semop,
                              {set, operations_, kOperations}, parasite::kAny);
        address_ = script_.finish();
    }

    bool out_of_range(const std::vector<sembuf>& operations) {
        std::ranges::copy(operations, script_.arena().host<sembuf>(operations_));
        task_.session->start(0, address_);
        task_.session->finish(0);
        return script_.result(asked_).result == -ERANGE;
    }

  private:
    TaskProbe& task_;
    parasite::ScriptBuilder script_;
    uint64_t operations_ = 0;
    parasite::Ref asked_{};
    uint64_t address_ = 0;
};

// The adjustment, which is known to be beyond 0 on this side.
int find_adjustment(Caller& caller, const sys::SemSet& set, unsigned number, bool negative) {
    int near = negative ? -1 : 1;
    int far = negative ? kLeast : kGreatest;
    while (near != far) {
        int middle = negative ? far + (near - far + 1) / 2 : near + (far - near) / 2;
        std::vector<sembuf> operations;
        add_undo_test(set, number, middle, negative, operations);
        add_impossible(number, operations);
        if (caller.out_of_range(operations))
            near = negative ? middle - 1 : middle + 1;
        else
            far = middle;
    }
    return near;
}

}  // namespace

// In two halves, each undone at once by an operation that leaves no adjustment, so that a value on
// the lower half of the range can take the way up, and one on the upper half the way down; others
// may change it meanwhile.
void add_undo_test(const sys::SemSet& set, unsigned number, int from, bool negative,
                   std::vector<sembuf>& operations) {
    int way = negative ? from - kLeast : kGreatest - from;
    bool low = set.values[number] <= kGreatest / 2;
    for (int half : {way / 2, way - way / 2}) {
        // An operation of SEM_UNDO moves the adjustment against the value.
        sembuf up{static_cast<unsigned short>(number), static_cast<short>(half), IPC_NOWAIT};
        sembuf down = up;
        down.sem_op = static_cast<short>(-half);
        (negative ? up : down).sem_flg |= SEM_UNDO;
        operations.push_back(low ? up : down);
        operations.push_back(low ? down : up);
    }
}

void SemUndo::look(const std::map<int, sys::SemSet>& sets, std::span<const TaskProbe> tasks) {
    sys::leave_undo_list();
    for (const TaskProbe& task : tasks)
        for (size_t i = 0; i < task.threads.size(); i++) {
            pid_t tid = task.threads[i].tid;
            // Two that have none are equal.
            if (!shares_list(tid, ::gettid()) &&
                (i == 0 || !shares_list(tid, task.threads.front().tid)))
                lists_.push_back({task.pid(), i, {}});
        }
    if (lists_.empty())
        return;
    size_t most = (sys::max_sem_operations() - 1) / kOperationsPerTest;
    for (const auto& [id, set] : sets)
        for (size_t first = 0; first < set.values.size(); first += most) {
            Question question{&set, {}, false};
            for (size_t i = first; i < std::min(first + most, set.values.size()); i++)
                question.numbers.push_back(static_cast<unsigned>(i));
            questions_.push_back(question);
            question.negative = true;
            questions_.push_back(std::move(question));
        }
}

uint64_t SemUndo::bytes(const TaskProbe& task) const {
    constexpr uint64_t kPerCaller = sizeof(parasite::Op) + sizeof(parasite::Script) + 128;
    uint64_t bytes = 0;
    for (const List& list : lists_)
        if (list.task == task.pid())
            for (const Question& question : questions_)
                bytes += sizeof(parasite::Op) + bytes_of(question.numbers.size()) + kPerCaller;
    return bytes;
}

void SemUndo::ask(const TaskProbe& task, size_t index, parasite::ScriptBuilder& script) {
    for (List& list : lists_) {
        if (list.task != task.pid() || list.thread != index)
            continue;
        for (const Question& question : questions_) {
            std::vector<sembuf> operations;
            for (unsigned number : question.numbers)
                add_undo_test(*question.set, number, 0, question.negative, operations);
            add_impossible(question.numbers.front(), operations);
            script.about("semaphore set", question.set->id);
            list.asked.push_back(script.call(
                "ask for what it would undo", SYS_semop,
                {question.set->id, script.arena().put_array(std::span<const sembuf>(operations)),
                 operations.size()},
                parasite::kAny));
        }
    }
}

void SemUndo::answer(TaskProbe& task, std::span<const TaskProbe> tasks, Problems& problems) {
    for (const List& list : lists_) {
        if (list.task != task.pid())
            continue;
        const parasite::ScriptBuilder& script = task.answers->scripts[list.thread];
        for (size_t i = 0; i < questions_.size(); i++)
            if (script.result(list.asked[i]).result == -ERANGE &&
                is_carried(task, list, questions_[i], tasks, problems))
                measure(task, questions_[i]);
    }
}

bool SemUndo::is_carried(TaskProbe& task, const List& list, const Question& question,
                         std::span<const TaskProbe> tasks, Problems& problems) const {
    auto refuse = [&](const char* reason, const char* way_out) {
        problems.add(task.pid(), fmt::format("semaphore set {}", question.set->id), reason,
                     way_out);
        return false;
    };
    pid_t tid = task.threads[list.thread].tid;
    if (list.thread != 0)
        return refuse(
            "would be changed at the end of one thread alone (SEM_UNDO), which is not carried",
            "let the thread take back what it did before the dump, or end");
    for (const TaskProbe& other : tasks)
        if (!other.zombie() && other.pid() != task.pid() &&
            shares_list(tid, other.threads.front().tid))
            return refuse(
                "would be changed at the end of several tasks together (SEM_UNDO with "
                "CLONE_SYSVSEM), which is not carried",
                "let them take back what they did before the dump");
    if (task.session->shut())
        return refuse(
            "would be changed at the task's end (SEM_UNDO), and the task has no "
            "descriptor to spare for crtool to find out how",
            "raise its RLIMIT_NOFILE (prlimit(1))");
    return true;
}

void SemUndo::measure(TaskProbe& task, const Question& question) {
    const sys::SemSet& set = *question.set;
    Caller caller(task, set.id);
    for (unsigned number : question.numbers) {
        std::vector<sembuf> operations;
        add_undo_test(set, number, 0, question.negative, operations);
        add_impossible(number, operations);
        if (caller.out_of_range(operations))
            found_.push_back({task.pid(), set.id, number,
                              find_adjustment(caller, set, number, question.negative)});
    }
}

}  // namespace crtool::dump
