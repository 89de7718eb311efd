// A ring of a packet socket of which a part is mapped only is refused: it can only be mapped whole.
#include "ring.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    constexpr tpacket_req kShape = {
        .tp_block_size = 4096, .tp_block_nr = 2, .tp_frame_size = 1024, .tp_frame_nr = 8};
    const int fd = zdtm::packet_socket(SOCK_RAW);
    CHECK_SYS(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &kShape, sizeof kShape));
    char* memory = zdtm::map_rings(fd, 8192);
    CHECK_SYS(munmap(memory, 4096));

    zdtm::checkpoint_here();

    zdtm::pass();
}
