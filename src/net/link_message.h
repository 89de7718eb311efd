// Messages of rtnetlink(7) about links, addresses and routes: finding attributes in them, and
// cutting them down to what the kernel takes back. Pure functions.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "net/netlink.h"

namespace crtool::net {

// A structure or message as its bytes.
template <typename T>
std::string_view view(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline Bytes bytes_of(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

inline std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Appends an attribute.
void put_attribute(std::string& message, int type, std::string_view value);
// The value of an attribute within an attribute …; empty: there is none.
Bytes find_attribute(Bytes attributes, std::initializer_list<int> path);

template <typename T>
std::optional<uint32_t> find_number(Bytes attributes, std::initializer_list<int> path) {
    Bytes value = find_attribute(attributes, path);
    if (value.size() < sizeof(T))
        return std::nullopt;
    return take_struct<T>(value);
}

// Of an answer (what follows nlmsghdr): struct ifinfomsg, ifaddrmsg or rtmsg and attributes.
std::string kept_link(Bytes answer);
std::string kept_address(Bytes answer);
std::string kept_route(Bytes answer);

// Whether one of these has made it. Of addresses and routes: of IPv4 and IPv6.
bool is_kept_link(const std::string& message);
bool is_kept_address(const std::string& message);
bool is_kept_route(const std::string& message);

// What a user sets of ifi_flags; the rest is the driver's.
unsigned settable_link_flags();

}  // namespace crtool::net
