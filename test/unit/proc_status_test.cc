// status text: identities, masks, capabilities, and kernels that lack lines.
#include "sys/proc_status.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/signal_block.h"

using namespace crtool::sys;

namespace {

constexpr const char* kText =
    "Name:\ta\\nb\\\\c\nUmask:\t0027\nState:\tt (tracing stop)\nTgid:\t10\nNgid:\t0\nPid:\t11\n"
    "PPid:\t9\nTracerPid:\t5\nUid:\t1\t2\t3\t4294967294\nGid:\t5\t6\t7\t8\nFDSize:\t64\n"
    "Groups:\t4 24 4294967295 \nNStgid:\t10\t2\nNSpid:\t11\t3\nNSpgid:\t10\t0\nNSsid:\t10\t1\n"
    "Kthread:\t0\nVmPeak:\t  4 kB\nVmRSS:\t  812 kB\nTHP_enabled:\t1\nThreads:\t12\n"
    "SigQ:\t3/96365\nSigPnd:\t0000000000000001\nShdPnd:\t8000000000000000\n"
    "SigBlk:\tfffffffe7ffbfeff\nSigIgn:\t0000000000001000\nSigCgt:\t0000000180004002\n"
    "CapInh:\t0000000000000001\nCapPrm:\t0000000000000002\nCapEff:\t0000000000000004\n"
    "CapBnd:\t000001ffffffffff\nCapAmb:\t0000000000000008\nNoNewPrivs:\t1\nSeccomp:\t2\n"
    "Seccomp_filters:\t4\nSpeculation_Store_Bypass:\tvulnerable\nCpus_allowed:\t3\n";

}  // namespace

TEST_CASE("status: who it is") {
    TaskStatus status = parse_status(kText);
    CHECK(status.name == "a\nb\\c");
    CHECK(status.umask == 027);
    CHECK(status.state == 't');
    CHECK(status.tgid == 10);
    CHECK(status.pid == 11);
    CHECK(status.ppid == 9);
    CHECK(status.tracer_pid == 5);
    CHECK(status.uids == std::array<uid_t, 4>{1, 2, 3, 4294967294});
    CHECK(status.gids == std::array<gid_t, 4>{5, 6, 7, 8});
    CHECK(status.groups == std::vector<gid_t>{4, 24, 4294967295});
    CHECK(status.ns_tgid == std::vector<pid_t>{10, 2});
    CHECK(status.ns_pid == std::vector<pid_t>{11, 3});
    CHECK(status.ns_pgid == std::vector<pid_t>{10, 0});
    CHECK(status.ns_sid == std::vector<pid_t>{10, 1});
    CHECK(status.threads == 12);
}

TEST_CASE("status: signals, capabilities, seccomp") {
    TaskStatus status = parse_status(kText);
    CHECK(status.signals_queued == 3);
    CHECK(status.signals_limit == 96365);
    CHECK(status.sig_pending == 1);
    CHECK(status.shd_pending == 1ULL << 63);
    CHECK(status.sig_blocked == 0xfffffffe7ffbfeff);
    CHECK(status.sig_ignored == 0x1000);
    CHECK(status.sig_caught == 0x180004002);
    CHECK(status.cap_inheritable == 1);
    CHECK(status.cap_permitted == 2);
    CHECK(status.cap_effective == 4);
    CHECK(status.cap_bounding == 0x1ffffffffff);
    CHECK(status.cap_ambient == 8);
    CHECK(status.no_new_privs);
    CHECK(status.seccomp_mode == 2);
    CHECK(status.seccomp_filters == 4U);
    CHECK(status.thp_enabled == true);
    CHECK(status.vm_rss_kb == 812U);
    CHECK_FALSE(status.kthread);
}

TEST_CASE("status: missing lines stay unset, nonsense is refused") {
    TaskStatus status = parse_status("Tgid:\t10\nPid:\t10\nGroups:\t \nNew_line:\tx\n");
    CHECK(status.groups.empty());
    CHECK_FALSE(status.seccomp_filters.has_value());
    CHECK_FALSE(status.vm_rss_kb.has_value());
    CHECK_THROWS_AS(parse_status(""), crtool::Error);
    CHECK_THROWS_AS(parse_status("Name:\tx\n"), crtool::Error);
    CHECK_THROWS_AS(parse_status("Tgid:\t10\nPid:\tx\n"), crtool::Error);
    CHECK_THROWS_AS(parse_status("Tgid:\t10\nPid:\t1\nUid:\t1\t2\n"), crtool::Error);
    CHECK_THROWS_AS(parse_status("garbage"), crtool::Error);
}

TEST_CASE("status of this process") {
    SignalBlock block({SIGUSR2});
    TaskStatus status = parse_status(read_file_at(AT_FDCWD, "/proc/self/status"));
    CHECK(status.pid == ::getpid());
    CHECK(status.uids[0] == ::getuid());
    CHECK(status.gids[2] == ::getegid());
    CHECK((status.sig_blocked >> (SIGUSR2 - 1) & 1) == 1);
    CHECK(status.ns_pid.back() == ::getpid());
    CHECK(status.threads >= 1);
}
