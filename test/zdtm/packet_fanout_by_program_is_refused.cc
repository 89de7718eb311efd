// A fanout group that a program divides is refused: nobody can read the program.
#include "packet.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = zdtm::packet_socket(SOCK_DGRAM);
    zdtm::bind_to_loopback(fd);
    zdtm::set_packet_option(fd, PACKET_FANOUT,
                            (PACKET_FANOUT_FLAG_UNIQUEID | PACKET_FANOUT_CBPF) << 16);

    zdtm::checkpoint_here();

    zdtm::pass();
}
