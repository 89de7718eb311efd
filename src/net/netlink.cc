// See netlink.h. libnl calls back through C frames, so nothing is thrown before it has returned.
#include "net/netlink.h"

#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>

#include <vector>

#include "sys/socket_calls.h"

namespace crtool::net {
namespace {

constexpr size_t kBuffer = 64 * 1024;
constexpr int kAttempts = 5;

struct Answers {
    std::vector<std::byte> bytes;
    std::vector<size_t> ends;
};

int keep_answer(nl_msg* message, void* arg) {
    auto* answers = static_cast<Answers*>(arg);
    const nlmsghdr* head = nlmsg_hdr(message);
    const auto* data = static_cast<const std::byte*>(nlmsg_data(head));
    answers->bytes.insert(answers->bytes.end(), data, data + nlmsg_datalen(head));
    answers->ends.push_back(answers->bytes.size());
    return NL_OK;
}

}  // namespace

void NetlinkSocket::Free::operator()(nl_sock* socket) const {
    nl_socket_free(socket);
}

NetlinkSocket::NetlinkSocket(int protocol) : socket_(nl_socket_alloc()) {
    if (socket_ == nullptr)
        fail(Errc::system, "no memory for a netlink socket");
    if (int error = nl_connect(socket_.get(), protocol); error != 0)
        fail(Errc::system, "cannot open a netlink socket of protocol {}: {}", protocol,
             nl_geterror(error));
    nl_socket_set_msg_buf_size(socket_.get(), kBuffer);
}

void NetlinkSocket::dump(int type, Bytes request, const std::function<void(Bytes)>& each) {
    Answers answers;
    nl_socket_modify_cb(socket_.get(), NL_CB_VALID, NL_CB_CUSTOM, keep_answer, &answers);
    for (int attempt = 1;; attempt++) {
        answers = {};
        int error = nl_send_simple(socket_.get(), type, NLM_F_DUMP,
                                   const_cast<std::byte*>(request.data()), request.size());
        if (error >= 0)
            error = nl_recvmsgs_default(socket_.get());
        if (error >= 0)
            break;
        if (error != -NLE_DUMP_INTR || attempt == kAttempts)
            fail(Errc::system, "netlink request {} failed: {}", type, nl_geterror(error));
    }
    size_t start = 0;
    for (size_t end : answers.ends) {
        each(Bytes(answers.bytes).subspan(start, end - start));
        start = end;
    }
}

bool NetlinkSocket::change(const char* what, int type, int flags, Bytes request) {
    int error = nl_send_simple(socket_.get(), type, flags, const_cast<std::byte*>(request.data()),
                               request.size());
    if (error >= 0)
        error = nl_wait_for_ack(socket_.get());
    if (error < 0 && error != -NLE_EXIST)
        fail(Errc::system, "cannot {}: {}", what, nl_geterror(error));
    return error >= 0;
}

void NetlinkSocket::be_strict() {
    sys::set_socket_option(nl_socket_get_fd(socket_.get()), SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
}

void for_each_attribute(Bytes attributes, const std::function<void(int, Bytes)>& each) {
    const auto* head = reinterpret_cast<const nlattr*>(attributes.data());
    int rest = static_cast<int>(attributes.size());
    for (; nla_ok(head, rest); head = nla_next(head, &rest))
        each(nla_type(head),
             {static_cast<const std::byte*>(nla_data(head)), static_cast<size_t>(nla_len(head))});
}

}  // namespace crtool::net
