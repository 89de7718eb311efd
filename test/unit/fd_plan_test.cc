// Plays plans on a model of the kernel's descriptor tables and looks at what comes out.
#include "restore/fd_plan.h"

#include <fcntl.h>
#include <sys/epoll.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "test/unit/fd_plan_world.h"

using namespace crtool;
using restore::FdPlan;
using restore::FdStep;
using restore::kStash;
using restore::plan_fds;

namespace {

using test::World;
using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

class Builder {
  public:
    uint32_t regular(uint32_t flags = 0) {
        image::OpenFile& file = add(flags);
        file.mutable_regular()->set_path("/x");
        return file.id();
    }

    uint32_t pipe(uint32_t pipe, uint32_t flags) {
        image::OpenFile& file = add(flags);
        file.mutable_pipe()->set_pipe(pipe);
        return file.id();
    }

    uint32_t epoll(const Pairs& watches) {
        image::OpenFile& file = add(O_RDWR);
        file.mutable_epoll();
        for (auto [fd, watched] : watches) {
            image::EpollWatch& watch = *file.mutable_epoll()->add_watches();
            watch.set_fd(fd);
            watch.set_file(watched);
            watch.set_events(EPOLLIN);
        }
        return file.id();
    }

    // Descriptors as {number, file}; odd numbers are close-on-exec.
    void task(uint32_t pid, const Pairs& fds) {
        image::Task& task = image.tasks.emplace_back();
        task.set_pid(pid);
        for (auto [number, file] : fds) {
            image::Fd& fd = *task.add_fds();
            fd.set_fd(number);
            fd.set_file(file);
            fd.set_cloexec(number % 2 == 1);
        }
    }

    World play() {
        plan = plan_fds(image);
        World world(image, plan);
        world.play();
        world.check_result();
        return world;
    }

    image::Image image;
    FdPlan plan;

  private:
    image::OpenFile& add(uint32_t flags) {
        image::OpenFile& file = image.files.emplace_back();
        file.set_id(static_cast<uint32_t>(image.files.size()));
        file.set_flags(flags);
        return file;
    }
};

}  // namespace

TEST_CASE("files of one task get their numbers without being moved") {
    Builder b;
    b.task(1, {{0, b.regular()}, {1, b.regular()}, {2, b.regular()}});
    b.play();
    for (const FdStep& step : b.plan.tables.at(1).open)
        CHECK((step.what == FdStep::Do::make || step.what == FdStep::Do::fill));
    CHECK(b.plan.stash_needed == 0);
}

TEST_CASE("a table with holes and duplicates") {
    Builder b;
    uint32_t shared = b.regular();
    b.task(1, {{2, shared}, {3, b.regular()}, {9, shared}, {10, b.regular()}, {9999, shared}});
    b.play();
}

TEST_CASE("a file of several tasks is made once, by the first") {
    Builder b;
    uint32_t in = b.regular();
    uint32_t out = b.regular();
    b.task(1, {{0, in}, {5, out}});
    b.task(2, {{0, out}, {1, in}, {2, in}});
    b.task(3, {{0, b.regular()}, {3, in}, {4, out}});
    b.task(4, {{2, out}});
    b.play();
}

TEST_CASE("tables that own files of each other's") {
    Builder b;
    uint32_t a = b.regular();
    uint32_t mine = b.regular();
    b.task(1, {{0, a}});
    b.task(2, {{0, mine}, {1, a}});
    b.task(3, {{0, a}, {1, mine}, {7, a}, {8, mine}});
    b.play();
}

TEST_CASE("both ends of pipes in every order of numbers") {
    for (uint32_t reader : {0, 1, 2, 3, 6, 7}) {
        for (uint32_t writer : {0, 1, 2, 3, 6, 7}) {
            if (reader == writer)
                continue;
            Builder b;
            std::map<uint32_t, uint32_t> fds = {{reader, b.pipe(1, O_RDONLY)},
                                                {writer, b.pipe(1, O_WRONLY)}};
            // Filled up with files, or with holes, below and above.
            fds.try_emplace(4, b.regular());
            fds.try_emplace(1, b.regular());
            CAPTURE(reader, writer);
            b.task(1, {fds.begin(), fds.end()});
            b.play();
        }
    }
}

TEST_CASE("pipes between tasks, also when the maker has one end only") {
    Builder b;
    uint32_t r1 = b.pipe(1, O_RDONLY);
    uint32_t w1 = b.pipe(1, O_WRONLY);
    uint32_t r2 = b.pipe(2, O_RDONLY);
    uint32_t w2 = b.pipe(2, O_WRONLY);
    b.task(1, {{0, b.regular()}, {1, w1}});
    b.task(2, {{0, r1}, {1, w2}, {8, w2}});
    b.task(3, {{0, r2}, {1, b.regular()}});
    b.play();
    CHECK(b.plan.stash_needed == 2);  // an end of the other's, and the pidfd
}

TEST_CASE("a pipe with one end left") {
    Builder b;
    b.task(1, {{0, b.pipe(1, O_RDONLY)}, {1, b.pipe(2, O_WRONLY)}, {2, b.regular()}});
    b.play();
}

TEST_CASE("a pipe opened once more through /proc, for reading, writing and both") {
    Builder b;
    uint32_t r = b.pipe(1, O_RDONLY);
    uint32_t again = b.pipe(1, O_RDONLY | O_NONBLOCK);
    uint32_t both = b.pipe(1, O_RDWR);
    uint32_t alone = b.pipe(2, O_RDWR);
    b.task(1, {{0, again}, {1, alone}, {4, r}});
    b.task(2, {{0, both}, {3, alone}});
    b.play();
}

TEST_CASE("a named FIFO, connected and not") {
    Builder b;
    for (bool unconnected : {false, true}) {
        image::Pipe& pipe = b.image.pipes.emplace_back();
        pipe.set_id(unconnected ? 2 : 1);
        pipe.set_path("/fifo");
        pipe.set_unconnected(unconnected);
    }
    uint32_t r = b.pipe(1, O_RDONLY);
    uint32_t w = b.pipe(1, O_WRONLY);
    uint32_t both = b.pipe(1, O_RDWR);
    uint32_t quiet = b.pipe(2, O_RDONLY | O_NONBLOCK);
    uint32_t quiet_too = b.pipe(2, O_RDONLY);
    b.task(1, {{0, quiet}, {1, w}, {2, w}});
    b.task(2, {{0, r}, {1, quiet_too}, {6, both}});
    b.play();
}

TEST_CASE("a pipe of which the first end in the table is not the first of the image") {
    Builder b;
    uint32_t w = b.pipe(1, O_WRONLY);
    uint32_t w_again = b.pipe(1, O_WRONLY);
    uint32_t r = b.pipe(1, O_RDONLY);
    b.task(1, {{0, r}, {5, r}});
    b.task(2, {{0, w_again}, {1, w}});
    b.play();
}

TEST_CASE("thousands of descriptors make a plan of proportional size") {
    Builder b;
    std::vector<std::pair<uint32_t, uint32_t>> fds;
    for (uint32_t i = 0; i < 5000; i++) {
        fds.emplace_back(4 * i, b.pipe(i + 1, O_RDONLY));
        fds.emplace_back(4 * i + 1, b.pipe(i + 1, O_WRONLY));
    }
    b.task(1, fds);
    b.plan = plan_fds(b.image);
    CHECK(b.plan.tables.at(1).open.size() <= 5 * 5000u);
    CHECK(b.plan.stash_needed == 0);
}

TEST_CASE("watches are added under their numbers") {
    Builder b;
    uint32_t file = b.pipe(1, O_RDONLY);
    uint32_t epoll = b.epoll({{3, file}});
    uint32_t outer = b.epoll({{4, epoll}, {3, file}});
    b.task(1, {{3, file}, {4, epoll}, {5, outer}});
    World world = b.play();
    CHECK(world.watches.contains({epoll, 3, file}));
    CHECK(world.watches.contains({outer, 4, epoll}));
    CHECK(world.watches.size() == 3);
}

TEST_CASE("a watch whose number was closed or means another file now") {
    Builder b;
    uint32_t file = b.regular();
    uint32_t other = b.regular();
    uint32_t epoll = b.epoll({{3, file}, {6, file}, {9, file}});
    b.task(1, {{3, other}, {4, epoll}, {9, file}});
    World world = b.play();
    CHECK(world.watches.size() == 3);
    for (uint32_t number : {3, 6, 9})
        CHECK(world.watches.contains({epoll, number, file}));
}

TEST_CASE("a watch of a file that only another task has, or the other end of a pipe") {
    Builder b;
    uint32_t file = b.regular();
    uint32_t reader = b.pipe(1, O_RDONLY);
    uint32_t writer = b.pipe(1, O_WRONLY);
    uint32_t epoll = b.epoll({{3, file}, {7, writer}});
    b.task(1, {{2, reader}, {4, epoll}});
    b.task(2, {{0, file}, {1, writer}});
    World world = b.play();
    CHECK(world.watches.contains({epoll, 3, file}));
    CHECK(world.watches.contains({epoll, 7, writer}));
}

TEST_CASE("watches are added by the task whose numbers fit") {
    Builder b;
    uint32_t epoll = b.epoll({{3, 2}});
    uint32_t file = b.regular();
    b.task(1, {{4, epoll}});
    b.task(2, {{3, file}, {4, epoll}});
    World world = b.play();
    CHECK(world.watches.contains({epoll, 3, file}));
    CHECK(b.plan.tables.at(1).link.empty());
}

TEST_CASE("a watch of a file that no task has is refused") {
    Builder b;
    b.task(1, {{4, b.epoll({{3, 2}})}});
    b.regular();
    CHECK_THROWS(plan_fds(b.image));
}

TEST_CASE("owners are set once, by a task that has the file under a number") {
    Builder b;
    uint32_t writer = b.pipe(1, O_WRONLY | O_ASYNC);
    uint32_t reader = b.pipe(1, O_RDONLY);
    b.task(1, {{0, reader}});
    b.task(2, {{5, writer}, {6, writer}});
    b.task(3, {{5, writer}});
    b.play();
    CHECK(b.plan.tables.at(1).async.empty());
    REQUIRE(b.plan.tables.at(2).async.size() == 1);
    CHECK(b.plan.tables.at(2).async[0].fd == 5);
    CHECK(b.plan.tables.at(3).async.empty());
}
