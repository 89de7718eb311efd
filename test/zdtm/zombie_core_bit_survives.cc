// A zombie that left a core file keeps the core bit of its status, and its core is not written a
// second time.
#include <sys/resource.h>
#include <sys/stat.h>

#include "family.h"

namespace {

// With the default pattern a core lands in the working directory, which is the scratch directory.
std::string core_files() {
    std::string names;
    for (const std::string& name : {zdtm::path("core"), zdtm::path("dumps/core")}) {
        struct stat st = {};
        if (stat(name.c_str(), &st) == 0) {
            names += name + " " + std::to_string(st.st_ino) + ";";
        }
    }
    return names;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    if (zdtm::read_file("/proc/sys/kernel/core_pattern")[0] == '|') {
        zdtm::skip("cores go to a program here");
    }
    CHECK_SYS(mkdir("dumps", 0755));
    const pid_t zombie = zdtm::fork_child([] {
        const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
        if (setrlimit(RLIMIT_CORE, &unlimited) == -1) {
            _exit(77);
        }
        CHECK_SYS(chdir("dumps"));
        raise(SIGQUIT);
    });
    const siginfo_t before = zdtm::wait_zombie(zombie);
    if (before.si_code == CLD_EXITED && before.si_status == 77) {
        zdtm::skip("RLIMIT_CORE cannot be raised");
    }
    if (before.si_code != CLD_DUMPED) {
        zdtm::skip("the kernel wrote no core");
    }
    const std::string cores = core_files();

    zdtm::checkpoint_here();

    CHECK_EQ(core_files(), cores);
    const siginfo_t after = zdtm::wait_zombie(zombie);
    CHECK_EQ(after.si_code, CLD_DUMPED);
    int status = 0;
    CHECK_EQ(waitpid(zombie, &status, 0), zombie);
    CHECK(WIFSIGNALED(status) && WCOREDUMP(status));
    CHECK_EQ(WTERMSIG(status), SIGQUIT);
    zdtm::pass();
}
