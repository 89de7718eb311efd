// See dump.h: the phases of a dump, one after the other.
#include "dump/dump.h"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "arch/x86_64/cpu_features.h"
#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "base/version.h"
#include "dump/areas.h"
#include "dump/file_table.h"
#include "dump/ipc_namespace.h"
#include "dump/memory_reader.h"
#include "dump/pages.h"
#include "dump/protection_keys.h"
#include "dump/seccomp.h"
#include "dump/sharing.h"
#include "dump/sysv_ipc.h"
#include "dump/task_probe.h"
#include "dump/thread.h"
#include "dump/tree_check.h"
#include "dump/visit.h"
#include "image/page_store.h"
#include "image/writer.h"
#include "sys/proc_limits.h"
#include "sys/vdso_text.h"

namespace crtool::dump {
namespace {

using Clock = std::chrono::steady_clock;

// How long the tree runs before the next try, when what stood against the dump was to pass soon.
constexpr std::chrono::milliseconds kFirstPause{2};
constexpr std::chrono::milliseconds kLongestPause{256};

uint64_t now_ns(clockid_t clock) {
    timespec time = {};
    ::clock_gettime(clock, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u +
           static_cast<uint64_t>(time.tv_nsec);
}

// Of the terminal that the tree has from outside.
uint32_t foreground_group(const std::vector<TaskProbe>& tasks) {
    auto group = static_cast<uint32_t>(std::max(0, tasks.front().frozen.stat.tpgid));
    bool is_own = std::ranges::any_of(tasks, [&](const TaskProbe& task) {
        return !task.zombie() && task.record.pgid() == group;
    });
    return is_own && tasks.front().record.terminal() == 0 ? group : 0;
}

class Dump {
  public:
    Dump(const Options& options, const std::atomic<bool>& cancelled, const Rehearsal& rehearse,
         OtherNames& names, const Backlogs& backlogs, uint64_t& queue_room)
        : options_(options),
          cancelled_(cancelled),
          rehearse_(rehearse),
          writer_(options.images_dir,
                  options.overwrite ? image::Overwrite::yes : image::Overwrite::no),
          pages_(writer_.pages_fd()),
          files_(options, problems_, names),
          queue_room_(queue_room) {
        files_.inet().set_backlogs(backlogs);
    }

    Result run();

  private:
    void freeze();
    void look_from_outside();
    void save_memory_and_files();
    void save_records();
    void commit();
    void rehearse();
    void release();
    void stop_if_cancelled() const;

    const Options& options_;
    const std::atomic<bool>& cancelled_;
    const Rehearsal& rehearse_;
    Clock::time_point frozen_at_;
    Result result_;
    image::Inventory inventory_;
    image::Writer writer_;
    image::LocalPageWriter pages_;
    Problems problems_;
    FileTable files_;
    uint64_t& queue_room_;  // of message queues, as the try before has found
    IpcNamespace ipc_namespace_;
    SysvIpc ipc_;
    SeccompTable filters_;
    parasite::Steps steps_;
    // Destroyed in reverse: the visit ends before the probes go, and they before the tree runs.
    std::optional<tracee::FrozenTree> tree_;
    std::vector<TaskProbe> tasks_;
    std::optional<Visit> visit_;
};

Result Dump::run() {
    // A descriptor is kept for every TCP connection.
    sys::raise_own_limit(RLIMIT_NOFILE);
    freeze();
    look_from_outside();
    visit_.emplace(tasks_, filters_, ipc_.undo(), files_.mqueues(), files_.eventfds(), queue_room_,
                   steps_);
    visit_->enter();
    visit_->ask(problems_);
    files_.check(tasks_, ipc_namespace_.is_own());
    visit_->ask_queues(queue_room_, problems_);
    problems_.throw_if_any();
    stop_if_cancelled();
    save_memory_and_files();
    if (options_.after != After::kill)
        visit_->leave();
    save_records();
    stop_if_cancelled();
    commit();
    // A tree that goes on anyway need not wait for the verdict.
    if (options_.after != After::run)
        rehearse();
    release();
    if (options_.after == After::run)
        rehearse();
    return result_;
}

void Dump::stop_if_cancelled() const {
    if (cancelled_)
        fail(Errc::cancelled, "interrupted");
}

void Dump::freeze() {
    frozen_at_ = Clock::now();
    inventory_.set_dumped_at_ns(now_ns(CLOCK_REALTIME));
    inventory_.set_monotonic_ns(now_ns(CLOCK_MONOTONIC));
    inventory_.set_boottime_ns(now_ns(CLOCK_BOOTTIME));
    std::optional<sys::CgroupFreezer> freezer;
    if (!options_.freeze_cgroup.empty())
        freezer.emplace(options_.freeze_cgroup);
    tree_.emplace(options_.tree, options_.timeout, cancelled_, std::move(freezer));
    log::info("{} tasks are stopped", tree_->tasks().size());
}

void Dump::look_from_outside() {
    MemoryReader memory(tree_->tasks());
    tasks_.reserve(tree_->tasks().size());
    for (const tracee::FrozenTask& task : tree_->tasks()) {
        TaskProbe& probe = tasks_.emplace_back(task);
        files_.add_process(task.pid);
        for (const tracee::FrozenThread& thread : task.threads)
            files_.add_thread(thread.tid);
        look(probe, options_.tree, problems_);
        if (probe.zombie())
            record_zombie(probe);
        else
            record_threads(probe, filters_);
    }
    find_sharing(tasks_);
    check_key_rights(tasks_);
    check_tree(tasks_, options_, problems_);
    ipc_namespace_.look(tasks_, problems_);
    for (size_t i = 0; i < tasks_.size(); i++) {
        TaskProbe& task = tasks_[i];
        if (task.zombie())
            continue;
        ErrorContext context("task", task.pid());
        if (task.record.shares_vm() == 0) {
            MemoryLook look = memory.take(i);
            task.areas = std::move(look.areas);
            task.present = std::move(look.pages);
            record_areas(task, files_, problems_);
            files_.add_executable(task.frozen.proc, task.record);
        }
        if (task.record.shares_files() == 0)
            files_.add_descriptors(task.frozen.proc, task.record);
        if (task.record.shares_fs() == 0)
            files_.add_places(task.frozen.proc, task.record);
    }
    ipc_namespace_.add_queues(files_.mqueues(), options_.tree);
    files_.prepare_visit(tasks_);
    ipc_.look(tasks_, ipc_namespace_.is_own(), problems_);
    // The rest of what stands against the dump, without entering the tree for it.
    if (!problems_.empty())
        files_.check(tasks_, ipc_namespace_.is_own());
    stop_if_cancelled();
}

void Dump::save_memory_and_files() {
    visit_->write_pages(pages_, cancelled_);
    files_.save(writer_, pages_);
    ipc_namespace_.save(writer_);
    ipc_.save(writer_);
}

void Dump::save_records() {
    fault::point("write the records");
    for (const TaskProbe& task : tasks_) {
        writer_.add(task.record);
        if (task.pages != nullptr)
            writer_.add(task.pages->record);
    }
    for (const image::SeccompFilter& filter : filters_.filters())
        writer_.add(filter);
    writer_.add(pages_.finish());
}

void Dump::commit() {
    fault::point("commit the image");
    utsname system = {};
    ::uname(&system);
    inventory_.set_crtool_version(version());
    inventory_.set_kernel_release(system.release);
    inventory_.set_machine(system.machine);
    const arch::CpuFeatures& cpu = arch::cpu_features();
    inventory_.mutable_cpu()->set_vendor(cpu.vendor);
    for (const std::string& name : cpu.names)
        inventory_.mutable_cpu()->add_features(name);
    inventory_.mutable_cpu()->set_xcr0(cpu.xcr0);
    inventory_.mutable_cpu()->set_xsave_size(cpu.xsave_size);
    inventory_.set_root_pid(static_cast<uint32_t>(options_.tree));
    inventory_.set_shell_job(options_.shell_job);
    if (options_.shell_job)
        inventory_.set_foreground(foreground_group(tasks_));
    inventory_.set_vdso(sys::own_vdso_text(sys::parse_maps(sys::ProcDir(::getpid()).read("maps"))));
    for (const TaskProbe& task : tasks_)
        result_.threads += static_cast<uint32_t>(task.threads.size());
    result_.tasks = static_cast<uint32_t>(tasks_.size());
    result_.page_bytes = pages_.pages() * parasite::kPageBytes;
    inventory_.set_tasks(result_.tasks);
    inventory_.set_threads(result_.threads);
    if (options_.after == After::kill)
        inventory_.set_net_lock(files_.inet().name_lock());
    writer_.commit(inventory_);
}

// A tree is ended only for an image that the other side would take.
void Dump::rehearse() {
    try {
        ErrorContext context("the image could not be restored");
        fault::point("rehearse the restore");
        rehearse_();
    } catch (...) {
        writer_.withdraw();
        throw;
    }
}

// Nothing can fail the dump any more: the image is complete.
void Dump::release() {
    if (options_.after != After::kill)
        files_.inet().unlock();
    switch (options_.after) {
        case After::kill:
            tree_->kill();
            visit_->forget();
            files_.inet().outlive();
            break;
        case After::run:
            tree_->thaw();
            break;
        case After::stop:
            tree_->thaw_stopped();
            break;
    }
    result_.frozen = Clock::now() - frozen_at_;
}

}  // namespace

Result run(const Options& options, const std::atomic<bool>& cancelled, const Rehearsal& rehearse) {
    Clock::time_point start = Clock::now();
    OtherNames names;
    Backlogs backlogs;
    uint64_t queue_room = 0;
    for (auto pause = kFirstPause;; pause *= 2) {
        try {
            Result result = Dump(options, cancelled, rehearse, names, backlogs, queue_room).run();
            result.total = Clock::now() - start;
            return result;
        } catch (const Error& error) {
            if (error.code() != Errc::busy || pause > kLongestPause || cancelled)
                throw;
            log::info("{}\nTrying again in {} ms", error.what(), pause.count());
        }
        if (names.any_to_seek())
            names.seek(cancelled);
        else
            std::this_thread::sleep_for(pause);
        backlogs.look();
    }
}

}  // namespace crtool::dump
