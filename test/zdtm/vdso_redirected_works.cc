// Under a kernel with another vdso the saved one stays in its place, and its functions, whose
// addresses the program has kept, give what the kernel's own give: clocks go on, a time that was
// read before is not later than one that is read now, and a second checkpoint finds all this again.
#include <dlfcn.h>
#include <elf.h>
#include <sched.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include <cmath>
#include <cstring>
#include <thread>

#include "zdtm.h"

namespace {

// Kept from before the checkpoint, as the C library keeps them.
int (*vdso_gettime)(clockid_t, timespec*);
int (*vdso_getcpu)(unsigned*, unsigned*, void*);
time_t (*vdso_time)(time_t*);

double by_vdso(clockid_t clock) {
    timespec time = {};
    CHECK_EQ(vdso_gettime(clock, &time), 0);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

double by_syscall(clockid_t clock) {
    timespec time = {};
    CHECK_SYS(syscall(SYS_clock_gettime, clock, &time));
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

void look(double before) {
    for (const clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_COARSE}) {
        CHECK(std::abs(by_vdso(clock) - by_syscall(clock)) < 1);
        CHECK(std::abs(zdtm::now(clock) - by_syscall(clock)) < 1);
    }
    CHECK(by_vdso(CLOCK_MONOTONIC) >= before);
    CHECK(std::abs(static_cast<double>(vdso_time(nullptr)) - by_syscall(CLOCK_REALTIME)) < 2);
    unsigned cpu = ~0U;
    CHECK_EQ(vdso_getcpu(&cpu, nullptr, nullptr), 0);
    CHECK(cpu < static_cast<unsigned>(sysconf(_SC_NPROCESSORS_CONF)));
}

template <typename Function>
void find(Function& function, void* vdso, const char* name) {
    function = reinterpret_cast<Function>(dlsym(vdso, name));
    CHECK(function != nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    void* vdso = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
    CHECK(vdso != nullptr);
    find(vdso_gettime, vdso, "__vdso_clock_gettime");
    find(vdso_getcpu, vdso, "__vdso_getcpu");
    find(vdso_time, vdso, "__vdso_time");
    const unsigned long address = getauxval(AT_SYSINFO_EHDR);
    const double before = by_vdso(CLOCK_MONOTONIC);
    look(before);

    zdtm::checkpoint_here();

    CHECK_EQ(getauxval(AT_SYSINFO_EHDR), address);
    CHECK(memcmp(reinterpret_cast<const void*>(address), ELFMAG, SELFMAG) == 0);
    look(before);
    std::thread(look, before).join();
    const pid_t child = zdtm::fork_child([&] { look(before); });
    zdtm::expect_exit(child);
    zdtm::pass();
}
