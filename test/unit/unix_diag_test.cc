// Answers of sock_diag(7), as bytes.
#include "net/unix_diag.h"

#include <linux/unix_diag.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <vector>

using namespace crtool;

namespace {

class Answer {
  public:
    explicit Answer(uint32_t ino, uint8_t state) {
        unix_diag_msg head{};
        head.udiag_family = AF_UNIX;
        head.udiag_type = SOCK_STREAM;
        head.udiag_state = state;
        head.udiag_ino = ino;
        append(&head, sizeof head);
    }

    void add(uint16_t type, const void* value, size_t size) {
        auto length = static_cast<uint16_t>(4 + size);
        append(&length, sizeof length);
        append(&type, sizeof type);
        append(value, size);
        bytes_.resize((bytes_.size() + 3) / 4 * 4);
    }

    net::UnixSocketInfo parse() const { return net::parse_unix_diag(bytes_); }

  private:
    void append(const void* value, size_t size) {
        const auto* data = static_cast<const std::byte*>(value);
        bytes_.insert(bytes_.end(), data, data + size);
    }

    std::vector<std::byte> bytes_;
};

}  // namespace

TEST_CASE("a unix socket with a path, a peer and its buffers", "[unix_diag]") {
    Answer answer(77, 1);
    answer.add(UNIX_DIAG_NAME, "/run/x\0", 7);
    uint32_t peer = 78;
    answer.add(UNIX_DIAG_PEER, &peer, sizeof peer);
    uint32_t memory[9] = {1, 1000, 3, 2000};
    answer.add(UNIX_DIAG_MEMINFO, memory, sizeof memory);
    uint8_t shutdown = 2;
    answer.add(UNIX_DIAG_SHUTDOWN, &shutdown, sizeof shutdown);
    net::UnixSocketInfo info = answer.parse();
    CHECK(info.ino == 77);
    CHECK(info.state == 1);
    CHECK(info.name == "/run/x");
    CHECK(info.has_peer);
    CHECK(info.peer == 78);
    CHECK(info.rcvbuf == 1000);
    CHECK(info.sndbuf == 2000);
    CHECK(info.shutdown == 2);
}

TEST_CASE("a listener with an abstract name and connections to accept", "[unix_diag]") {
    Answer answer(5, 10);
    answer.add(UNIX_DIAG_NAME, "\0name", 5);
    uint32_t waiting[] = {8, 0, 9};
    answer.add(UNIX_DIAG_ICONS, waiting, sizeof waiting);
    unix_diag_rqlen queue{3, 128};
    answer.add(UNIX_DIAG_RQLEN, &queue, sizeof queue);
    net::UnixSocketInfo info = answer.parse();
    CHECK(info.name == std::string("\0name", 5));
    CHECK_FALSE(info.has_peer);
    CHECK(info.pending == std::vector<uint32_t>{8, 0, 9});
    CHECK(info.backlog == 128);
}

TEST_CASE("an answer that is cut off is refused", "[unix_diag]") {
    std::vector<std::byte> bytes(10);
    CHECK_THROWS_AS(net::parse_unix_diag(bytes), Error);
}
