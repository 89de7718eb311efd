// The vdso is where it was and its functions work: clocks go on and agree with the system call,
// and the current CPU is one of this machine. Any thread can call it.
#include <elf.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <array>
#include <cmath>
#include <cstring>
#include <thread>

#include "zdtm.h"

namespace {

constexpr std::array<clockid_t, 5> kClocks = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
                                              CLOCK_REALTIME_COARSE, CLOCK_TAI};

double by_syscall(clockid_t clock) {
    timespec time = {};
    CHECK_SYS(syscall(SYS_clock_gettime, clock, &time));
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void look(const std::array<double, kClocks.size()>& before) {
    for (size_t i = 0; i < kClocks.size(); i++) {
        const double here = zdtm::now(kClocks[i]);
        CHECK(here >= before[i] && here < before[i] + 600);
        CHECK(std::abs(by_syscall(kClocks[i]) - here) < 1);
    }
    timeval day = {};
    CHECK_SYS(gettimeofday(&day, nullptr));
    CHECK(std::abs(static_cast<double>(day.tv_sec) - by_syscall(CLOCK_REALTIME)) < 2);
    CHECK(std::abs(static_cast<double>(time(nullptr) - day.tv_sec)) < 2);
    unsigned cpu = 0;
    CHECK_SYS(getcpu(&cpu, nullptr));
    CHECK(cpu < static_cast<unsigned>(sysconf(_SC_NPROCESSORS_CONF)));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const unsigned long address = getauxval(AT_SYSINFO_EHDR);
    std::array<double, kClocks.size()> before = {};
    for (size_t i = 0; i < kClocks.size(); i++) {
        before[i] = zdtm::now(kClocks[i]);
    }
    look(before);

    zdtm::checkpoint_here();

    CHECK_EQ(getauxval(AT_SYSINFO_EHDR), address);
    CHECK(memcmp(reinterpret_cast<const void*>(address), ELFMAG, SELFMAG) == 0);
    char line[32];
    snprintf(line, sizeof(line), "%lx-", address);
    const std::string maps = zdtm::read_file("/proc/self/maps");
    const size_t at = maps.find(line);
    CHECK(at != std::string::npos);
    CHECK(maps.substr(at, maps.find('\n', at) - at).ends_with("[vdso]"));
    look(before);
    std::thread(look, before).join();
    zdtm::pass();
}
