// See raw_peers.h.
#include "net/raw_peers.h"

#include <fcntl.h>

#include <cstring>
#include <optional>

#include "net/proc_words.h"
#include "sys/fd.h"

namespace crtool::net {
namespace {

constexpr std::string_view kConnected = "01";  // TCP_ESTABLISHED
constexpr size_t kDigits = 8;

// "0100007F:0000": numbers as they are in memory, four of them in IPv6.
std::optional<Endpoint> parse_end(std::string_view word) {
    std::string_view digits = word.substr(0, word.find(':'));
    bool is_v4 = digits.size() == kDigits;
    Endpoint end;
    if (!is_v4 && digits.size() != 2 * end.address.size())
        return std::nullopt;
    if (is_v4)
        end.address[10] = end.address[11] = 0xff;
    size_t at = is_v4 ? 12 : 0;
    for (; !digits.empty(); digits.remove_prefix(kDigits), at += sizeof(uint32_t)) {
        auto value = number<uint32_t>(digits.substr(0, kDigits), 16);
        std::memcpy(&end.address[at], &value, sizeof value);
    }
    return end;
}

}  // namespace

// "   1: 00000000:0001 0100007F:0000 01 00000000:00000000 00:00000000 00000000     0        0 16893
// …".
std::map<uint64_t, Endpoint> parse_raw_table(std::string_view text) {
    constexpr int kBetween = 5;  // queues, timer, retransmissions, user, timeout
    std::map<uint64_t, Endpoint> peers;
    take_line(text);
    while (!text.empty()) {
        std::string_view line = take_line(text);
        take_word(line);
        take_word(line);
        std::optional<Endpoint> remote = parse_end(take_word(line));
        if (take_word(line) != kConnected || !remote)
            continue;
        for (int i = 0; i < kBetween; i++)
            take_word(line);
        peers[number<uint64_t>(take_word(line), 10)] = *remote;
    }
    return peers;
}

std::map<uint64_t, Endpoint> raw_peers() {
    std::map<uint64_t, Endpoint> peers;
    for (const char* name : {"raw", "raw6", "icmp", "icmp6"}) {
        std::string path = std::string("/proc/self/net/") + name;
        peers.merge(parse_raw_table(sys::try_read_file_at(AT_FDCWD, path).value_or("")));
    }
    return peers;
}

}  // namespace crtool::net
