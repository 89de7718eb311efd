// A fanout group with more members than one may have for which nobody has set a limit is refused:
// nobody can read the limit.
#include "packet.h"

namespace {

constexpr int kMembers = 257;

int member(uint16_t type_flags, uint16_t id) {
    const int fd = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::bind_to_loopback(fd);
    fanout_args args{};
    args.id = id;
    args.type_flags = type_flags;
    args.max_num_members = 300;
    CHECK_SYS(setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &args, sizeof args));
    return fd;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int first = member(PACKET_FANOUT_LB | PACKET_FANOUT_FLAG_UNIQUEID, 0);
    const int group = zdtm::packet_option(first, PACKET_FANOUT);
    for (int i = 1; i < kMembers; i++) {
        member(PACKET_FANOUT_LB, static_cast<uint16_t>(group));
    }

    zdtm::checkpoint_here();

    zdtm::pass();
}
