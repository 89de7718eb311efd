// Rings that a packet socket shares with the test: the frames of a receiving one in their order.
#pragma once

#include <sys/mman.h>

#include <atomic>

#include "packet.h"

namespace zdtm {

inline char* map_rings(int fd, size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    CHECK(memory != MAP_FAILED);
    return static_cast<char*>(memory);
}

// `Header`: tpacket_hdr or tpacket2_hdr; of a socket of type SOCK_RAW.
template <typename Header>
class Ring {
  public:
    Ring(int fd, const tpacket_req& shape, char* memory)
        : fd_(fd), shape_(shape), memory_(memory) {}

    int fd() const { return fd_; }

    unsigned index() const { return index_; }

    void set_index(unsigned index) { index_ = index; }

    // Of the frame that the program looks at next.
    Header& head() const {
        return *reinterpret_cast<Header*>(memory_ + index_ * shape_.tp_frame_size);
    }

    bool is_empty() const { return status().load() == TP_STATUS_KERNEL; }

    // Waits for a frame, and gives it back; its text.
    std::string take() {
        wait_until([&] { return (status().load() & TP_STATUS_USER) != 0; });
        const char* frame = reinterpret_cast<const char*>(&head());
        std::string text(frame + head().tp_mac + ETH_HLEN, head().tp_snaplen - ETH_HLEN);
        status().store(TP_STATUS_KERNEL);
        next();
        return text;
    }

    auto status() const { return std::atomic_ref(head().tp_status); }

    void next() { index_ = (index_ + 1) % shape_.tp_frame_nr; }

  private:
    int fd_;
    tpacket_req shape_;
    char* memory_;
    unsigned index_ = 0;
};

}  // namespace zdtm
