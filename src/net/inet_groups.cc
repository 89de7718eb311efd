// See inet_groups.h.
#include "net/inet_groups.h"

#include <fcntl.h>
#include <netinet/in.h>

#include <algorithm>

#include "net/endpoint.h"
#include "net/proc_words.h"
#include "sys/fd.h"

namespace crtool::net {
// "2\teth0 : 1 V3" begins an interface, "\t\t\t\tFB0000E0 1 0:00000000 0" is a group of it, its
// address as the number that it is in memory.
std::vector<JoinedGroup> parse_igmp(std::string_view text) {
    std::vector<JoinedGroup> groups;
    unsigned interface = 0;
    take_line(text);
    while (!text.empty()) {
        std::string_view line = take_line(text);
        bool is_group = line.starts_with('\t');
        std::string_view word = take_word(line);
        if (!is_group) {
            interface = number<unsigned>(word, 10);
            continue;
        }
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = number<uint32_t>(word, 16);
        groups.push_back(
            {AF_INET, interface, {reinterpret_cast<const char*>(&address), sizeof address}});
    }
    return groups;
}

// "2    eth0            ff0200000000000000000000000000fb     1 0000000C 0".
std::vector<JoinedGroup> parse_igmp6(std::string_view text) {
    std::vector<JoinedGroup> groups;
    while (!text.empty()) {
        std::string_view line = take_line(text);
        auto interface = number<unsigned>(take_word(line), 10);
        take_word(line);
        std::string_view digits = take_word(line);
        Endpoint endpoint;
        if (digits.size() != 2 * endpoint.address.size())
            continue;
        for (size_t i = 0; i < endpoint.address.size(); i++)
            endpoint.address[i] = number<uint8_t>(digits.substr(2 * i, 2), 16);
        groups.push_back({AF_INET6, interface, to_sockaddr(endpoint, AF_INET6)});
    }
    return groups;
}

std::vector<JoinedGroup> joined_groups() {
    std::vector<JoinedGroup> groups =
        parse_igmp(sys::try_read_file_at(AT_FDCWD, "/proc/self/net/igmp").value_or(""));
    for (JoinedGroup& group :
         parse_igmp6(sys::try_read_file_at(AT_FDCWD, "/proc/self/net/igmp6").value_or("")))
        groups.push_back(std::move(group));
    return groups;
}

}  // namespace crtool::net
