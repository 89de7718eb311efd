// See restore.h. The phases of a restore, in order.
#include "restore/restore.h"

#include <sys/ptrace.h>
#include <sys/utsname.h>

#include <optional>

#include "arch/x86_64/cpu_features.h"
#include "base/error.h"
#include "base/log.h"
#include "image/compat.h"
#include "image/reader.h"
#include "image/validate.h"
#include "restore/address_map.h"
#include "restore/board_watch.h"
#include "restore/context.h"
#include "restore/continuation.h"
#include "restore/file_check.h"
#include "restore/freeze.h"
#include "restore/go_home.h"
#include "restore/helper_pids.h"
#include "restore/inet_sockets.h"
#include "restore/inherit.h"
#include "restore/ipc_namespace.h"
#include "restore/named_threads.h"
#include "restore/outside.h"
#include "restore/pages_check.h"
#include "restore/posix_mqueue_set.h"
#include "restore/seccomp_script.h"
#include "restore/service.h"
#include "restore/sysv_ipc.h"
#include "restore/sysv_shm.h"
#include "restore/task_arena.h"
#include "restore/task_script.h"
#include "restore/tree.h"

namespace crtool::restore {
namespace {

using Clock = std::chrono::steady_clock;

void check_this_machine(const image::Inventory& inventory) {
    const arch::CpuFeatures& cpu = arch::cpu_features();
    utsname name{};
    ::uname(&name);
    image::check_machine(inventory,
                         {name.machine, cpu.vendor, cpu.names, cpu.xcr0, cpu.xsave_size});
}

void check_options(const image::Image& image, const Options& options) {
    if (image.inventory.shell_job() && !options.shell_job)
        fail(Errc::usage, "the tree was a job of a shell: restore it with --shell-job");
}

void exchange_addresses(image::Image& image, const Options& options) {
    if (!options.remaps.empty() && map_addresses(options.remaps, image) == 0)
        log::warn("no socket of the image has an address that --tcp-remap names");
}

void index_image(Context& ctx) {
    ctx.early_threads = tasks_of_named_threads(ctx.image);
    for (const image::SeccompFilter& filter : ctx.image.filters)
        ctx.filters[filter.id()] = &filter;
    for (const image::PageIndex& index : ctx.image.page_indexes)
        ctx.page_indexes[index.pid()] = &index;
    std::unordered_map<uint32_t, const image::Tty*> ttys;
    for (const image::Tty& tty : ctx.image.ttys)
        ttys[tty.id()] = &tty;
    for (const image::Task& task : ctx.image.tasks) {
        ctx.children[task.ppid()].push_back(&task);
        if (task.terminal() != 0)
            ctx.session_terminals[task.sid()] = ttys.at(task.terminal());
    }
}

unsigned trace_options(const image::Image& image) {
    unsigned options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD;
    return uses_seccomp(image) ? options | PTRACE_O_SUSPEND_SECCOMP : options;
}

// From the first process to the moment when all that is left is to set registers.
void build_tree(const Context& ctx, Tree& tree, const TaskScripts& scripts, const Service& service,
                BoardWatch& watch) {
    unsigned options = trace_options(ctx.image);
    watch.await(kTree);
    tree.seize_tasks(options);
    write_proc_settings(ctx);
    watch.release(kTree);
    continue_stopped(ctx, watch);
    watch.await(kOpened);
    scripts.check_ids();
    watch.release(kOpened);
    tree.reap_helper();
    watch.await(kShared);
    scripts.check_descriptors();
    add_seals(ctx);
    watch.release(kShared);
    watch.await(kThreads);
    tree.seize_threads(options);
    service.finish_made(ctx.image);
    watch.resume_notified();
    watch.release(kThreads);
    watch.await(kReady);
    watch.release(kReady);
    await_stops(ctx, watch);
    watch.await(kDone);
    await_leader_ends(ctx, watch);
}

class Restore {
  public:
    Restore(const Options& options, const std::atomic<bool>& cancelled)
        : options_(options), cancelled_(cancelled), reader_(options.images_dir) {}

    Result run();

  private:
    void build(Context& ctx, const Service& service, ShmSegments& segments, SysvIpc& ipc);

    const Options& options_;
    const std::atomic<bool>& cancelled_;
    image::Reader reader_;
    std::optional<IpcNamespace> ipc_namespace_;  // before all that is made, and removed, in it
    std::optional<TunDevices> tuns_;
    std::optional<InetSockets> inet_;
    std::optional<Inherited> inherited_;
    std::optional<PosixMqueues> mqueues_;
};

void Restore::build(Context& ctx, const Service& service, ShmSegments& segments, SysvIpc& ipc) {
    CoreDirectory cores(ctx.image);
    ctx.core_dir = cores.path();
    TaskScripts scripts(ctx);
    log::debug("{} bytes of scripts for {} processes", ctx.arena.used(), scripts.nodes().size());
    Tree tree(ctx, scripts, options_.sibling);
    BoardWatch watch(ctx, cancelled_, [&] { return tree.unexpected_death(); });
    Freeze freeze(options_);  // thaws before the tree is killed
    try {
        tree.create();
        PagesCheck pages(reader_.pages_fd(), ctx.image);
        build_tree(ctx, tree, scripts, service, watch);
        segments.finish();
        ipc.finish();
        ipc_namespace_->finish();
        bring_home(ctx, tree);
        pages.finish();
        if (cancelled_)
            fail(Errc::cancelled, "stopped on request");
        PidFile pidfile(options_, tree.root());
        freeze.take(ctx);
        inherited_->set_flags(ctx.image);
        tuns_->settle();
        inet_->go_live();
        let_go(ctx, tree);
        segments.keep();
        ipc.keep();
        mqueues_->keep();
        inherited_->keep();
        tuns_->keep();
        freeze.keep();
        pidfile.keep();
    } catch (const Error& error) {
        watch.abandon();
        // A task that failed is gone by the time that somebody misses it.
        if (error.code() == Errc::gone)
            watch.throw_posted_error();
        throw;
    }
}

Result Restore::run() {
    check_this_machine(reader_.inventory());
    image::Image image = reader_.load();
    image::validate(image);
    inherited_.emplace(image, options_.inherit);
    check_options(image, options_);
    exchange_addresses(image, options_);
    OwnState own = take_own_state();
    PidPlan pids = plan_pids(image, {options_.shell_job, own.session, own.group});
    assign_helper_pids(image, pids);
    MemoryPlan memory = plan_memory(image, pids);
    Files files(image, options_);
    check_names(image, options_, files);
    ipc_namespace_.emplace(image);
    tuns_.emplace(image);
    inet_.emplace(image, options_);
    mqueues_.emplace(image);
    Service service(image, files, reader_.pages_fd(), *inet_, *tuns_, *inherited_, *mqueues_);
    ShmSegments segments(image, reader_.pages_fd());
    SysvIpc ipc(image);
    TaskArena arena(image, own);
    parasite::Steps steps;
    PageRuns pages(image);
    Context ctx{options_, image, own, pids, memory, files, pages, arena.arena(), steps};
    ctx.ipc = &ipc;
    ctx.mqueues = &*mqueues_;
    ctx.pages_fd = reader_.pages_fd();
    ctx.service = service.numbers();
    ctx.vdso = plan_vdso(image, options_.vdso, own,
                         {ctx.arena.task_address(), ctx.arena.task_address() + ctx.arena.size()});
    ctx.blob = arena.blob();
    ctx.board = ctx.arena.take(sizeof(parasite::Board), parasite::kPageBytes);
    ctx.board_on_host()->control_fd = ctx.service.control;
    files.set_turn_word(ctx.arena.put(uint32_t{0}));
    index_image(ctx);
    build(ctx, service, segments, ipc);
    service.keep();
    Result result;
    result.root = static_cast<pid_t>(image.tasks.front().pid());
    result.tasks = image.tasks.size();
    result.threads = image.inventory.threads();
    result.page_bytes = reader_.pages() * parasite::kPageBytes;
    return result;
}

}  // namespace

void rehearse(const Options& options) {
    image::Image image = image::Reader(options.images_dir).load();
    image::validate(image);
    check_options(image, options);
    PidPlan pids = plan_pids(image, {options.shell_job, 1, 1});
    plan_memory(image, pids);
    Files files(image, options);
}

Result run(const Options& options, const std::atomic<bool>& cancelled) {
    auto start = Clock::now();
    Result result = Restore(options, cancelled).run();
    result.total = Clock::now() - start;
    log::info("restored {} tasks with {} threads in {:.3f} ms", result.tasks, result.threads,
              std::chrono::duration<double, std::milli>(result.total).count());
    return result;
}

}  // namespace crtool::restore
