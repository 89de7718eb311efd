// Tasks that share working directory and umask (CLONE_FS) still do; others do not.
#include <sys/stat.h>

#include "family.h"

namespace {

std::string cwd() {
    char buffer[PATH_MAX];
    CHECK(getcwd(buffer, sizeof(buffer)) != nullptr);
    return buffer;
}

mode_t current_umask() {
    const mode_t mask = umask(0);
    umask(mask);
    return mask;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    zdtm::Gate* gate = zdtm::Gate::make();
    zdtm::Gate* changed = zdtm::Gate::make();
    CHECK_SYS(mkdir("before", 0755));
    CHECK_SYS(mkdir("after", 0755));
    const pid_t apart = zdtm::fork_child([=] {
        const std::string old = cwd();
        gate->wait();
        changed->expect(1);
        CHECK_EQ(cwd(), old);
        CHECK_EQ(current_umask(), 022u);
    });
    const pid_t sharing = zdtm::clone_child(CLONE_FS | SIGCHLD, [=] {
        CHECK_SYS(chdir("before"));
        gate->wait();
        CHECK_EQ(cwd(), zdtm::path("before"));
        CHECK_SYS(chdir("../after"));
        umask(027);
        changed->arrive();
    });
    gate->expect(2);
    CHECK_EQ(cwd(), zdtm::path("before"));

    zdtm::checkpoint_here();

    CHECK_EQ(cwd(), zdtm::path("before"));
    gate->open();
    changed->expect(1);
    CHECK_EQ(cwd(), zdtm::path("after"));
    zdtm::expect_exit(sharing);
    zdtm::expect_exit(apart);
    CHECK_EQ(current_umask(), 027u);
    zdtm::pass();
}
