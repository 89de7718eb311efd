// Which unix sockets are made together, and how.
#include "restore/unix_plan.h"

#include <sys/socket.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "restore/fd_plan.h"
#include "test/unit/fd_plan_world.h"

using namespace crtool;
using image::UnixSocket;
using How = restore::UnixUnit::How;

namespace {

class Sockets {
  public:
    UnixSocket& add(int type, UnixSocket::State state, const std::string& name = "") {
        image::OpenFile& file = image.files.emplace_back();
        file.set_id(static_cast<uint32_t>(image.files.size()));
        UnixSocket& socket = *file.mutable_unix_socket();
        socket.set_type(static_cast<uint32_t>(type));
        socket.set_state(state);
        if (!name.empty())
            socket.mutable_name()->set_name(name);
        return socket;
    }

    UnixSocket& socket(uint32_t id) { return *image.files[id - 1].mutable_unix_socket(); }

    void connect(uint32_t a, uint32_t b) {
        socket(a).set_peer(b);
        socket(b).set_peer(a);
    }

    void task(uint32_t pid, const std::vector<uint32_t>& files) {
        image::Task& task = image.tasks.emplace_back();
        task.set_pid(pid);
        for (uint32_t file : files) {
            image::Fd& fd = *task.add_fds();
            fd.set_fd(static_cast<uint32_t>(2 * task.fds_size()));
            fd.set_file(file);
        }
    }

    void carry(uint32_t socket_id, const std::vector<uint32_t>& files) {
        image::UnixMessage& message = *socket(socket_id).add_queue();
        message.set_data("x");
        for (uint32_t file : files)
            message.add_files(file);
    }

    restore::FdPlan play() {
        restore::FdPlan plan = restore::plan_fds(image);
        test::World world(image, plan);
        world.play();
        world.check_result();
        return plan;
    }

    image::Image image;
};

}  // namespace

TEST_CASE("ends without a name are a pair", "[unix_plan]") {
    Sockets sockets;
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED).mutable_peer_creds()->set_pid(7);
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED);
    sockets.connect(1, 2);
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED);  // whose peer is gone
    auto plan = restore::plan_unix(sockets.image);
    REQUIRE(plan.units.size() == 2);
    CHECK(plan.units[0].how == How::pair);
    CHECK(plan.units[0].a == 1);
    CHECK(plan.units[0].b == 2);
    CHECK(plan.units[0].maker == 7);
    CHECK(plan.units[1].how == How::pair);
    CHECK(plan.units[1].b == 0);
}

TEST_CASE("whoever has the name of a listener was accepted", "[unix_plan]") {
    Sockets sockets;
    sockets.add(SOCK_STREAM, UnixSocket::LISTENING, "/s");
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED, "/s").mutable_peer_creds()->set_pid(3);
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED, "/client").mutable_peer_creds()->set_pid(4);
    sockets.connect(2, 3);
    auto plan = restore::plan_unix(sockets.image);
    const restore::UnixUnit& unit = plan.units[plan.unit_of.at(2)];
    CHECK(unit.how == How::meet);
    CHECK(unit.a == 3);
    CHECK(unit.b == 2);
    CHECK(unit.maker == 3);
    REQUIRE(plan.listeners.size() == 1);
    CHECK(plan.listeners[0].name == "/s");
    CHECK(plan.listeners[0].file == 0);
    CHECK(plan.listeners[0].creds->pid() == 4);
    CHECK(restore::is_made_by_coordinator(plan, sockets.image.files[0]));
    CHECK_FALSE(restore::is_made_by_coordinator(plan, sockets.image.files[1]));
    CHECK(restore::is_made_by_coordinator(plan, sockets.image.files[2]));
}

TEST_CASE("an abstract name is had by one listener only", "[unix_plan]") {
    Sockets sockets;
    std::string name("\0s", 2);
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED, name);
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED);
    sockets.connect(1, 2);
    sockets.add(SOCK_STREAM, UnixSocket::LISTENING, name);
    auto plan = restore::plan_unix(sockets.image);
    REQUIRE(plan.listeners.size() == 1);
    CHECK(plan.listeners[0].file == 3);
}

TEST_CASE("datagram sockets are connected by name where there is one", "[unix_plan]") {
    Sockets sockets;
    sockets.add(SOCK_DGRAM, UnixSocket::UNCONNECTED, "/server");
    sockets.add(SOCK_DGRAM, UnixSocket::CONNECTED).set_peer(1);
    sockets.add(SOCK_DGRAM, UnixSocket::CONNECTED);
    sockets.add(SOCK_DGRAM, UnixSocket::CONNECTED);
    sockets.connect(3, 4);
    auto plan = restore::plan_unix(sockets.image);
    CHECK(plan.units[plan.unit_of.at(2)].how == How::alone);
    CHECK(plan.units[plan.unit_of.at(4)].how == How::pair);
}

TEST_CASE("a pair is made by the task that its credentials name", "[unix_plan]") {
    Sockets sockets;
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED).mutable_peer_creds()->set_pid(20);
    sockets.add(SOCK_STREAM, UnixSocket::CONNECTED).mutable_peer_creds()->set_pid(20);
    sockets.connect(1, 2);
    sockets.add(SOCK_DGRAM, UnixSocket::UNCONNECTED);
    sockets.task(10, {1, 2});
    sockets.task(20, {3});
    auto plan = sockets.play();
    auto makes_ends = [&](uint32_t pid) {
        return std::ranges::any_of(plan.tables.at(pid).open, [](const restore::FdStep& step) {
            return step.what == restore::FdStep::Do::make_ends;
        });
    };
    CHECK(makes_ends(20));
    CHECK_FALSE(makes_ends(10));
}

TEST_CASE("descriptors in flight are sent by who has them all", "[unix_plan]") {
    Sockets sockets;
    for (int i = 0; i < 6; i++)
        sockets.add(SOCK_STREAM, UnixSocket::CONNECTED);
    sockets.connect(1, 2);
    sockets.connect(3, 4);  // 4 is in a queue only, and has a queue
    sockets.connect(5, 6);  // both are in queues only
    sockets.image.files.emplace_back().set_id(7);
    sockets.image.files.back().mutable_regular()->set_path("/x");
    sockets.image.files.emplace_back().set_id(8);
    sockets.image.files.back().mutable_regular()->set_path("/y");
    sockets.carry(2, {4, 7});
    sockets.carry(4, {6, 5, 8, 4});
    sockets.task(10, {1, 3});
    sockets.task(20, {2, 7});
    sockets.play();
}

TEST_CASE("connections to listeners are made in turns", "[unix_plan]") {
    Sockets sockets;
    sockets.add(SOCK_STREAM, UnixSocket::LISTENING, "/s");
    for (int i = 0; i < 2; i++) {
        sockets.add(SOCK_STREAM, UnixSocket::CONNECTED, "/s");
        sockets.add(SOCK_STREAM, UnixSocket::CONNECTED);
    }
    sockets.connect(2, 3);
    sockets.connect(4, 5);
    sockets.socket(2).mutable_peer_creds()->set_pid(20);
    sockets.socket(4).mutable_peer_creds()->set_pid(30);
    sockets.socket(3).mutable_peer_creds()->set_pid(10);
    sockets.socket(5).mutable_peer_creds()->set_pid(10);
    sockets.add(SOCK_STREAM, UnixSocket::PENDING).set_peer(1);
    sockets.socket(1).add_pending(6);
    sockets.task(10, {1, 2, 4});
    sockets.task(20, {3, 6});
    sockets.task(30, {5});
    auto plan = sockets.play();
    CHECK(plan.listens.at(10).size() == 2);
    using Do = restore::FdStep::Do;
    auto turns = [&](uint32_t pid) {
        std::vector<std::pair<Do, uint32_t>> found;
        for (const restore::FdStep& step : plan.tables.at(pid).open)
            if (step.what == Do::await_turn || step.what == Do::end_turn)
                found.emplace_back(step.what, step.id);
        return found;
    };
    CHECK(turns(20) == std::vector{std::pair{Do::end_turn, 2U}, std::pair{Do::await_turn, 3U}});
    CHECK(turns(30) == std::vector{std::pair{Do::await_turn, 2U}, std::pair{Do::end_turn, 3U}});
}
