// What a tun device takes over from the kernel: see tun.h. TUNSETOFFLOAD cannot be read back, but
// what it allows are features of the interface, which ethtool(8) reads by their names.
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "sys/inet_calls.h"
#include "sys/tun.h"

namespace crtool::sys {
namespace {

struct Offload {
    std::string_view feature;
    uint32_t bits;
};

constexpr uint32_t kUso = 0x60;  // TUN_F_USO4 | TUN_F_USO6, kernel ≥ 6.2

constexpr std::array kOffloads = {
    Offload{"tx-checksum-ip-generic", TUN_F_CSUM},
    Offload{"tx-tcp-segmentation", TUN_F_TSO4},
    Offload{"tx-tcp6-segmentation", TUN_F_TSO6},
    Offload{"tx-tcp-ecn-segmentation", TUN_F_TSO_ECN},
    // The kernel allows both or neither.
    Offload{"tx-udp-segmentation", kUso},
};

class Ethtool {
  public:
    explicit Ethtool(const std::string& interface) : name_(interface) {}

    // `words`: the command and what it needs, filled by the kernel.
    void ask(std::vector<uint32_t>& words) const {
        ifreq request = {};
        std::copy_n(name_.begin(), std::min(name_.size(), size_t{IFNAMSIZ - 1}), request.ifr_name);
        request.ifr_data = reinterpret_cast<char*>(words.data());
        if (::ioctl(socket_.get(), SIOCETHTOOL, &request) != 0)
            fail_errno(errno, "cannot read the features of the interface {}", name_);
    }

  private:
    std::string name_;
    UniqueFd socket_ = make_socket(AF_INET, SOCK_DGRAM, 0);
};

}  // namespace

uint32_t tun_offloads(const std::string& interface) {
    Ethtool ethtool(interface);
    // struct ethtool_sset_info: command, reserved, a 64-bit mask of the sets, a length for each.
    std::vector<uint32_t> info = {ETHTOOL_GSSET_INFO, 0, 1U << ETH_SS_FEATURES, 0, 0};
    ethtool.ask(info);
    uint32_t count = info[4];
    // struct ethtool_gstrings: command, set, length, names.
    std::vector<uint32_t> names(3 + size_t{count} * ETH_GSTRING_LEN / sizeof(uint32_t));
    names[0] = ETHTOOL_GSTRINGS;
    names[1] = ETH_SS_FEATURES;
    names[2] = count;
    ethtool.ask(names);
    // struct ethtool_gfeatures: command, blocks; each block: available, requested, active, fixed.
    uint32_t blocks = (count + 31) / 32;
    std::vector<uint32_t> features(2 + size_t{blocks} * 4);
    features[0] = ETHTOOL_GFEATURES;
    features[1] = blocks;
    ethtool.ask(features);
    uint32_t offloads = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool is_active = (features[2 + i / 32 * 4 + 2] >> (i % 32) & 1) != 0;
        const char* name = reinterpret_cast<const char*>(&names[3]) + i * size_t{ETH_GSTRING_LEN};
        std::string_view text(name, strnlen(name, ETH_GSTRING_LEN));
        auto row = std::ranges::find(kOffloads, text, &Offload::feature);
        if (is_active && row != kOffloads.end())
            offloads |= row->bits;
    }
    return offloads;
}

}  // namespace crtool::sys
