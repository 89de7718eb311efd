// The multicast groups that a network namespace has joined (/proc/net/igmp and igmp6). Which socket
// is a member of which the kernel tells only when it is asked for a group.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crtool::net {

struct JoinedGroup {
    int domain = 0;
    unsigned interface = 0;
    std::string address;  // struct sockaddr_in or sockaddr_in6

    bool operator==(const JoinedGroup&) const = default;
};

std::vector<JoinedGroup> joined_groups();

// Of the text of these files.
std::vector<JoinedGroup> parse_igmp(std::string_view text);
std::vector<JoinedGroup> parse_igmp6(std::string_view text);

}  // namespace crtool::net
