// What validate() refuses of urgent data of TCP connections.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "image_refusals.h"
#include "net/endpoint.h"

using namespace crtool;
using namespace crtool::image;
using namespace crtool::image::sample;

namespace {

// With `at` of four unread bytes urgent.
Image with_urgent(uint32_t at, uint32_t state = TCP_ESTABLISHED) {
    Image image = make_whole_image();
    OpenFile& file = image.files.emplace_back();
    file.set_id(9000);
    InetSocket& socket = *file.mutable_inet_socket();
    socket.set_domain(AF_INET);
    socket.set_type(SOCK_STREAM);
    socket.set_protocol(IPPROTO_TCP);
    socket.set_state(state);
    socket.set_local(net::to_sockaddr(net::loopback(true, 1), AF_INET));
    socket.set_remote(net::to_sockaddr(net::loopback(true, 2), AF_INET));
    socket.mutable_tcp()->set_window(std::string(sizeof(tcp_repair_window), '\0'));
    socket.mutable_tcp()->set_unread("text");
    socket.mutable_tcp()->mutable_urgent()->set_at(at);
    Fd& fd = *root(image).add_fds();
    fd.set_fd(900);
    fd.set_file(9000);
    return image;
}

}  // namespace

TEST_CASE("validate: urgent data is among what is unread of a connection") {
    CHECK_NOTHROW(validate(with_urgent(0)));
    CHECK_NOTHROW(validate(with_urgent(3)));
    CHECK_THROWS_WITH(validate(with_urgent(4)), Catch::Contains("urgent data at byte 4 of 4"));
    CHECK_THROWS_WITH(validate(with_urgent(0, TCP_CLOSE)), Catch::Contains("urgent data"));
}
