// Rings of blocks that a packet socket receives into, TPACKET_V3: blocks that are unread stay so,
// frames of the block that is being filled are not lost, and the next ones come in the next block.
#include "ring.h"

namespace {

constexpr unsigned kBlocks = 4;
constexpr unsigned kBlockSize = 8192;

class BlockRing {
  public:
    explicit BlockRing(unsigned timeout_ms) {
        const tpacket_req3 shape = {.tp_block_size = kBlockSize,
                                    .tp_block_nr = kBlocks,
                                    .tp_frame_size = 2048,
                                    .tp_frame_nr = kBlocks * kBlockSize / 2048,
                                    .tp_retire_blk_tov = timeout_ms,
                                    .tp_sizeof_priv = 16,
                                    .tp_feature_req_word = 0};
        zdtm::set_packet_option(fd_, PACKET_VERSION, TPACKET_V3);
        CHECK_SYS(setsockopt(fd_, SOL_PACKET, PACKET_RX_RING, &shape, sizeof shape));
        zdtm::bind_to_loopback(fd_);
        memory_ = zdtm::map_rings(fd_, kBlocks * kBlockSize);
    }

    int fd() const { return fd_; }

    // Texts of the frames in order; a block is given back when all of it was read.
    std::string take() {
        if (left_ == 0) {
            zdtm::wait_until([&] { return is_full(); });
            CHECK_EQ(head().seq_num, ++last_);
            left_ = head().num_pkts;
            CHECK(left_ > 0);
            at_ = head().offset_to_first_pkt;
        }
        const auto* frame = reinterpret_cast<const tpacket3_hdr*>(block() + at_);
        std::string text(block() + at_ + frame->tp_mac + ETH_HLEN, frame->tp_snaplen - ETH_HLEN);
        at_ += frame->tp_next_offset;
        if (--left_ == 0) {
            CHECK_EQ(frame->tp_next_offset, 0u);
            status().store(TP_STATUS_KERNEL);
            index_ = (index_ + 1) % kBlocks;
        }
        return text;
    }

    bool is_full() const { return (status().load() & TP_STATUS_USER) != 0; }

  private:
    char* block() const { return memory_ + index_ * kBlockSize; }

    tpacket_hdr_v1& head() const { return reinterpret_cast<tpacket_block_desc*>(block())->hdr.bh1; }

    std::atomic_ref<uint32_t> status() const { return std::atomic_ref(head().block_status); }

    int fd_ = zdtm::packet_socket(SOCK_RAW);
    char* memory_ = nullptr;
    unsigned index_ = 0;
    unsigned left_ = 0;  // frames in the block
    uint64_t at_ = 0;
    uint64_t last_ = 0;  // number of the block
};

std::string text_of(int number) {
    std::string text(1000, static_cast<char>('a' + number % 26));
    return text + std::to_string(number);
}

void send(int sender, int from, int to) {
    for (int i = from; i < to; i++) {
        zdtm::send_frame(sender, text_of(i));
    }
}

void expect(BlockRing& ring, int from, int to) {
    for (int i = from; i < to; i++) {
        CHECK(ring.take() == text_of(i));
    }
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int sender = zdtm::packet_socket(SOCK_DGRAM);
    BlockRing ring(100);
    BlockRing full(100);
    // Seven in a block: the second block is unread, the third is being filled.
    send(sender, 0, 7);
    expect(ring, 0, 7);
    expect(full, 0, 7);
    send(sender, 7, 17);

    zdtm::checkpoint_here();

    expect(ring, 7, 17);
    zdtm::sleep_ms(250);
    CHECK(!ring.is_full());
    for (int round = 0; round < 8; round++) {
        send(sender, 17 + 5 * round, 22 + 5 * round);
        expect(ring, 17 + 5 * round, 22 + 5 * round);
    }
    // Nobody had read there: it has what there was room for, and goes on when there is room again.
    expect(full, 7, 27);
    zdtm::pass();
}
