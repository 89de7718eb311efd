// Memberships of packet sockets, with the number of times that each was added.
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <sys/stat.h>

#include <algorithm>

#include "packet.h"

namespace {

void add(int fd, uint16_t type, const std::string& address) {
    packet_mreq request{};
    request.mr_ifindex = static_cast<int>(if_nametoindex("lo"));
    request.mr_type = type;
    request.mr_alen = static_cast<uint16_t>(address.size());
    memcpy(request.mr_address, address.data(), address.size());
    CHECK_SYS(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request));
}

// What the kernel lists of the socket: "TYPE×COUNT ADDRESS" each.
std::string list(nlattr* attribute, size_t bytes) {
    std::string text;
    for (size_t at = NLA_HDRLEN; at + sizeof(packet_diag_mclist) <= bytes;
         at += sizeof(packet_diag_mclist)) {
        packet_diag_mclist entry{};
        memcpy(&entry, reinterpret_cast<char*>(attribute) + at, sizeof entry);
        text += std::to_string(entry.pdmc_type) + "x" + std::to_string(entry.pdmc_count) + " " +
                std::string(reinterpret_cast<char*>(entry.pdmc_addr), entry.pdmc_alen) + "\n";
    }
    return text;
}

std::string memberships(int fd) {
    struct stat st {};

    CHECK_SYS(fstat(fd, &st));

    struct {
        nlmsghdr head;
        packet_diag_req body;
    } request{};

    request.head = {sizeof request, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 0, 0};
    request.body.sdiag_family = AF_PACKET;
    request.body.pdiag_show = PACKET_SHOW_MCLIST;
    const int diag = CHECK_SYS(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    CHECK_SYS(send(diag, &request, sizeof request, 0));
    std::string found;
    for (bool more = true; more;) {
        alignas(nlmsghdr) char answers[64 * 1024];
        int rest = static_cast<int>(CHECK_SYS(recv(diag, answers, sizeof answers, 0)));
        for (auto* head = reinterpret_cast<nlmsghdr*>(answers); NLMSG_OK(head, rest);
             head = NLMSG_NEXT(head, rest)) {
            CHECK(head->nlmsg_type != NLMSG_ERROR);
            more = head->nlmsg_type != NLMSG_DONE;
            auto* socket = static_cast<packet_diag_msg*>(NLMSG_DATA(head));
            if (more && socket->pdiag_ino == st.st_ino) {
                auto* attribute = reinterpret_cast<nlattr*>(socket + 1);
                found = list(attribute, attribute->nla_len);
            }
        }
    }
    close(diag);
    return found;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int none = zdtm::packet_socket(SOCK_RAW);
    const int fd = zdtm::packet_socket(SOCK_RAW);
    add(fd, PACKET_MR_PROMISC, "");
    add(fd, PACKET_MR_ALLMULTI, "");
    add(fd, PACKET_MR_PROMISC, "");
    add(fd, PACKET_MR_UNICAST, "\x02pack1");
    add(fd, PACKET_MR_MULTICAST, "\x03pack2");
    add(fd, PACKET_MR_MULTICAST, "\x03pack3");
    const std::string before = memberships(fd);
    CHECK_EQ(std::count(before.begin(), before.end(), '\n'), 5);

    zdtm::checkpoint_here();

    CHECK_EQ(memberships(fd), before);
    CHECK_EQ(memberships(none), "");
    zdtm::pass();
}
