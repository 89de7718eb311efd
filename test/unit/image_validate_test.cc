// validate() on tasks: a good image passes, and what a restore relies on is refused when it is
// not so.
#include <signal.h>

#include <catch2/catch.hpp>

#include "image/validate.h"
#include "image_refusals.h"

using namespace crtool;
using namespace crtool::image;
using namespace crtool::image::sample;

TEST_CASE("validate: the sample is good") {
    Image image = sample::make_whole_image();
    CHECK_NOTHROW(validate(image));
}

TEST_CASE("validate: inventory") {
    check_refusals({
        {"counts 4 tasks", [](Image& i) { i.inventory.set_tasks(4); }},
        {"counts 9 threads", [](Image& i) { i.inventory.set_threads(9); }},
        {"not the first task", [](Image& i) { i.inventory.set_root_pid(101); }},
        {"vdso has 100 bytes", [](Image& i) { i.inventory.set_vdso(std::string(100, 'x')); }},
        {"format 2", [](Image& i) { i.inventory.set_format(2); }},
        {"counts 3 tasks, the image has 0",
         [](Image& i) {
             i.tasks.clear();
             i.page_indexes.clear();
         }},
    });
}

TEST_CASE("validate: ids") {
    check_refusals({
        {"two tasks have the pid 100", [](Image& i) { child(i).set_pid(100); }},
        {"0 is no pid", [](Image& i) { child(i).set_pid(0); }},
        {"4194304 is no pid", [](Image& i) { zombie(i).set_pid(1 << 22); }},
        {"is no tid", [](Image& i) { root(i).mutable_threads(1)->set_tid(0); }},
        {"two threads have the tid 101",
         [](Image& i) { root(i).mutable_threads(1)->set_tid(101); }},
        {"thread of another task",
         [](Image& i) {
             zombie(i).set_pid(102);
             zombie(i).clear_threads();
         }},
        {"two files have the id 1", [](Image& i) { file(i, 2).set_id(1); }},
        {"file has the id 0", [](Image& i) { file(i, 12).set_id(0); }},
        {"two pipes", [](Image& i) { i.pipes.push_back(i.pipes[0]); }},
        {"two contents", [](Image& i) { i.contents.push_back(i.contents[0]); }},
        {"two seccomp filters", [](Image& i) { i.filters.push_back(i.filters[0]); }},
        {"two page indexes", [](Image& i) { i.page_indexes.push_back(i.page_indexes[0]); }},
        {"page index of task 7", [](Image& i) { i.page_indexes[1].set_pid(7); }},
    });
}

TEST_CASE("validate: tree") {
    check_refusals({
        {"has the parent 5", [](Image& i) { root(i).set_ppid(5); }},
        {"parent 999 is not in the image", [](Image& i) { child(i).set_ppid(999); }},
        {"parent 0 is not in the image", [](Image& i) { child(i).set_ppid(0); }},
        {"parent 103 does not come before", [](Image& i) { child(i).set_ppid(103); }},
        {"parent 101 does not come before", [](Image& i) { child(i).set_ppid(101); }},
        {"parent 101 is a zombie",
         [](Image& i) {
             child(i).set_state(Task::ZOMBIE);
             i.inventory.set_threads(2);
         }},
        {"session 102 is a thread", [](Image& i) { child(i).set_sid(102); }},
        {"group 102 is a thread", [](Image& i) { child(i).set_pgid(102); }},
        {"group 4194304 is no pid", [](Image& i) { child(i).set_pgid(1 << 22); }},
        {"leads its session",
         [](Image& i) {
             child(i).set_sid(101);
             child(i).set_pgid(100);
         }},
        {"leader in another session", [](Image& i) { zombie(i).set_sid(101); }},
        {"session is outside", [](Image& i) { child(i).set_sid(0); }},
        {"in two sessions",
         [](Image& i) {
             zombie(i).set_sid(103);
             zombie(i).set_pgid(103);
             child(i).set_pgid(103);
         }},
        {"memory 999 is not in the image", [](Image& i) { child(i).set_shares_vm(999); }},
        {"descriptors 103 does not come before", [](Image& i) { child(i).set_shares_files(103); }},
        {"but not memory", [](Image& i) { child(i).set_shares_sighand(100); }},
        {"zombie shares no directories", [](Image& i) { zombie(i).set_shares_fs(100); }},
    });
}

TEST_CASE("validate: the leader of a session may be gone, or outside") {
    Image image = sample::make_whole_image();
    for (Task& task : image.tasks)
        task.set_sid(50);
    CHECK_NOTHROW(validate(image));
    image.inventory.set_shell_job(true);
    CHECK_NOTHROW(validate(image));
}

TEST_CASE("validate: tasks") {
    check_refusals({
        {"wait status 0x10000", [](Image& i) { zombie(i).set_wait_status(0x10000); }},
        {"wait status 0x7f", [](Image& i) { zombie(i).set_wait_status(0x7f); }},
        {"wait status 0x80", [](Image& i) { zombie(i).set_wait_status(0x80); }},
        {"wait status 0x13", [](Image& i) { zombie(i).set_wait_status(SIGSTOP); }},
        {"wait status 0x1c", [](Image& i) { zombie(i).set_wait_status(SIGWINCH); }},
        {"wait status 0x109", [](Image& i) { zombie(i).set_wait_status(0x109); }},
        {"exit signal 65", [](Image& i) { child(i).set_exit_signal(65); }},
        {"stopped by 9", [](Image& i) { child(i).set_stop_signal(9); }},
        {"state 9", [](Image& i) { child(i).set_state(static_cast<Task::State>(9)); }},
        {"name has 16 bytes", [](Image& i) { root(i).set_comm("0123456789abcdef"); }},
        {"NUL", [](Image& i) { root(i).set_comm(std::string("a\0b", 3)); }},
        {"begin with its leader", [](Image& i) { root(i).mutable_threads(0)->set_tid(7); }},
        {"leader has exited",
         [](Image& i) {
             root(i).set_leader_exited(true);
             i.inventory.set_threads(2);
         }},
        {"zombie, but has memory", [](Image& i) { zombie(i).add_fds(); }},
        {"cwd is the open file 99", [](Image& i) { root(i).set_cwd(99); }},
        {"root is the open file 2, which is no dir", [](Image& i) { root(i).set_root(2); }},
        {"root is the open file 6, which is no dir", [](Image& i) { root(i).set_root(6); }},
        {"no regular file", [](Image& i) { root(i).set_exe(1); }},
        {"umask", [](Image& i) { root(i).set_umask(01000); }},
        {"15 limits", [](Image& i) { root(i).mutable_limits()->RemoveLast(); }},
        {"over hard", [](Image& i) { root(i).mutable_limits(3)->set_hard(1); }},
        {"oom_score_adj", [](Image& i) { root(i).set_oom_score_adj(1001); }},
        {"dumpable", [](Image& i) { root(i).set_dumpable(3); }},
        {"MDWE", [](Image& i) { root(i).set_mdwe(8); }},
        {"coredump", [](Image& i) { root(i).set_coredump_filter(0x1000); }},
        {"descriptor 1 comes after 14", [](Image& i) { *root(i).add_fds() = root(i).fds(0); }},
        {"open file 77", [](Image& i) { root(i).mutable_fds(11)->set_file(77); }},
        {"too large", [](Image& i) { root(i).mutable_fds(11)->set_fd(1 << 24); }},
        {"shares those of 100",
         [](Image& i) {
             child(i).set_shares_files(100);
             *child(i).add_fds() = root(i).fds(0);
         }},
        {"does not know", [](Image& i) { REQUIRE(child(i).MergeFromString("\xba\x3e\x01z")); }},
    });
}

TEST_CASE("validate: every way to die is a wait status") {
    Image image = sample::make_whole_image();
    for (uint32_t status : {0U, 0x0100U, 0xff00U, 1U, 9U, 64U, 0x8bU, 0x80U | 64U}) {
        zombie(image).set_wait_status(status);
        CHECK_NOTHROW(validate(image));
    }
}

TEST_CASE("validate: signals and timers") {
    check_refusals({
        {"handler for 0 is no signal", [](Image& i) { root(i).mutable_actions(0)->set_signal(0); }},
        {"9, which cannot", [](Image& i) { root(i).mutable_actions(0)->set_signal(9); }},
        {"two handlers", [](Image& i) { *root(i).add_actions() = root(i).actions(0); }},
        {"handlers of its own and shares",
         [](Image& i) {
             child(i).set_shares_vm(100);
             child(i).clear_mm();
             i.page_indexes.pop_back();
             child(i).set_shares_sighand(100);
             *child(i).add_actions() = root(i).actions(0);
         }},
        {"has 127 bytes",
         [](Image& i) { root(i).mutable_shared_pending(0)->mutable_info()->pop_back(); }},
        {"pending signal 65",
         [](Image& i) { (*root(i).mutable_shared_pending(0)->mutable_info())[0] = 65; }},
        {"interval timer 3", [](Image& i) { root(i).mutable_itimers(0)->set_which(3); }},
        {"interval timer 0", [](Image& i) { *root(i).add_itimers() = root(i).itimers(0); }},
        {"its value", [](Image& i) { root(i).mutable_itimers(0)->set_value_us(UINT64_MAX); }},
        {"POSIX timer 3: its id",
         [](Image& i) { *root(i).add_posix_timers() = root(i).posix_timers(0); }},
        {"SIGEV_ number 3", [](Image& i) { root(i).mutable_posix_timers(0)->set_notify(3); }},
        {"thread 101, which the task has not",
         [](Image& i) { root(i).mutable_posix_timers(0)->set_thread(101); }},
        {"its signal 0", [](Image& i) { root(i).mutable_posix_timers(0)->set_signal(0); }},
        {"its overrun", [](Image& i) { root(i).mutable_posix_timers(0)->set_overrun(UINT32_MAX); }},
    });
}

TEST_CASE("validate: threads") {
    check_refusals({
        {"code segment", [](Image& i) { leader(i).mutable_registers()->set_cs(0x10); }},
        {"fs base", [](Image& i) { leader(i).mutable_registers()->set_fs_base(~0ULL); }},
        {"TLS", [](Image& i) { leader(i).mutable_registers()->set_tls("x"); }},
        {"debug", [](Image& i) { leader(i).mutable_registers()->add_debug(1); }},
        {"extended registers have 0 bytes", [](Image& i) { leader(i).clear_xstate(); }},
        {"extended registers have 16385",
         [](Image& i) { leader(i).set_xstate(std::string(16385, 'x')); }},
        {"no registers", [](Image& i) { leader(i).clear_registers(); }},
        {"alternate stack", [](Image& i) { leader(i).mutable_altstack()->set_flags(4); }},
        {"robust", [](Image& i) { leader(i).set_robust_list_size(8); }},
        {"rseq area", [](Image& i) { leader(i).mutable_rseq()->set_address(~0ULL); }},
        {"rseq area has", [](Image& i) { leader(i).mutable_rseq()->set_size(8192); }},
        {"dispatch", [](Image& i) { leader(i).mutable_syscall_dispatch()->set_mode(3); }},
        {"parent-death", [](Image& i) { leader(i).set_pdeath_signal(99); }},
        {"policy", [](Image& i) { leader(i).mutable_sched()->set_policy(4); }},
        {"nice", [](Image& i) { leader(i).mutable_sched()->set_nice(20); }},
        {"real-time", [](Image& i) { leader(i).mutable_sched()->set_rt_priority(100); }},
        {"CPU mask",
         [](Image& i) { leader(i).mutable_sched()->set_affinity(std::string(1032, 1)); }},
        {"I/O priority", [](Image& i) { leader(i).mutable_sched()->set_ioprio(1 << 16); }},
        {"seccomp mode is 3", [](Image& i) { leader(i).set_seccomp_mode(3); }},
        {"seccomp mode is 2, with 0", [](Image& i) { leader(i).set_seccomp_mode(2); }},
        {"seccomp mode is 0, with 1", [](Image& i) { leader(i).add_seccomp_filters(1); }},
        {"filter 5 is not",
         [](Image& i) { root(i).mutable_threads(1)->set_seccomp_filters(0, 5); }},
        {"user of its credentials",
         [](Image& i) { leader(i).mutable_creds()->set_euid(UINT32_MAX); }},
        {"group of its credentials",
         [](Image& i) { leader(i).mutable_creds()->set_fsgid(UINT32_MAX); }},
        {"supplementary", [](Image& i) { leader(i).mutable_creds()->add_groups(UINT32_MAX); }},
        {"65538 groups",
         [](Image& i) { leader(i).mutable_creds()->mutable_groups()->Resize(65538, 5); }},
        {"effective", [](Image& i) { leader(i).mutable_creds()->set_effective(1); }},
        {"ambient", [](Image& i) { leader(i).mutable_creds()->set_ambient(1); }},
        {"securebits", [](Image& i) { leader(i).mutable_creds()->set_securebits(0x1000); }},
        {"not the leader",
         [](Image& i) {
             root(i).clear_posix_timers();
             root(i).mutable_threads(1)->set_exited(true);
         }},
        {"thread 102: a pending", [](Image& i) { root(i).mutable_threads(1)->add_pending(); }},
        {"program has 0", [](Image& i) { i.filters[0].clear_program(); }},
        {"program has 12", [](Image& i) { i.filters[0].set_program("123456789012"); }},
        {"program has 32776",
         [](Image& i) { i.filters[0].set_program(std::string(4097 * 8, 'x')); }},
        {"flags are 0x1", [](Image& i) { i.filters[0].set_flags(1); }},
    });
}
