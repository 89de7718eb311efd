// See tun.h.
#include "restore/tun.h"

#include <fcntl.h>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "net/link_state.h"
#include "sys/net_interface.h"
#include "sys/tun.h"

namespace crtool::restore {
namespace {

net::LinkState link_state(const image::TunInterface& interface) {
    net::LinkState state;
    state.link = interface.link();
    state.addresses.assign(interface.addresses().begin(), interface.addresses().end());
    state.routes.assign(interface.routes().begin(), interface.routes().end());
    state.master = interface.master();
    if (interface.has_address_mode())
        state.address_mode = interface.address_mode();
    return state;
}

void set_modes(const image::TunInterface& interface, int fd) {
    sys::set_tun_modes(fd, {.sndbuf = interface.sndbuf(),
                            .header_bytes = interface.header_bytes(),
                            .little_endian = interface.little_endian(),
                            .big_endian = interface.big_endian()});
    sys::set_tun_offloads(fd, interface.offloads());
}

void make_interface(const image::Tun& tun, int fd) {
    const image::TunInterface& interface = tun.interface();
    net::LinkState state = link_state(interface);
    uint32_t index = net::link_index(state.link);
    if (sys::interface_name(index))
        log::warn("the number {} of the interface {} is taken: it has another", index, tun.name());
    else
        sys::set_next_tun_index(fd, index);
    if (!sys::attach_tun(fd, tun.name(), tun.flags(), sys::TunAttach::make))
        fail(Errc::unsupported,
             "the interface {}, which the tree had made, is there already; remove it or give it "
             "another name (ip link), and restore again",
             tun.name());
    sys::set_tun_link_type(fd, net::link_type(state.link));
    if (interface.has_owner())
        sys::set_tun_owner(fd, interface.owner());
    if (interface.has_group())
        sys::set_tun_group(fd, interface.group());
    fault::point("configure a tun interface");
    net::apply_link_state(sys::interface_index(tun.name()).value_or(0), state);
}

void join_interface(const image::Tun& tun, int fd) {
    if (!sys::attach_tun(fd, tun.name(), tun.flags(), sys::TunAttach::join))
        fail(Errc::unsupported,
             "the interface {} is there, but is in use or not what it was (tun or tap, one queue "
             "or several); give it another name (ip link), and restore again",
             tun.name());
}

}  // namespace

TunDevices::TunDevices(const image::Image& image) {
    for (const image::OpenFile& file : image.files) {
        if (!file.has_tun())
            continue;
        ErrorContext context("tun device, open file", file.id());
        fault::point("make a tun device");
        const image::Tun& tun = file.tun();
        int access = static_cast<int>(file.flags() & O_ACCMODE);
        const sys::UniqueFd& fd =
            fds_.emplace(file.id(), sys::open_at(AT_FDCWD, tun.path(), access)).first->second;
        if (!tun.name().empty())
            join(tun, fd.get());
    }
}

void TunDevices::join(const image::Tun& tun, int fd) {
    const image::TunInterface& interface = tun.interface();
    bool is_there = interfaces_.contains(tun.name()) ||
                    (interface.persistent() && sys::interface_index(tun.name()).has_value());
    if (is_there) {
        join_interface(tun, fd);
    } else {
        make_interface(tun, fd);
        if (interface.persistent())
            to_settle_.push_back(fd);
    }
    interfaces_.insert(tun.name());
    set_modes(interface, fd);
    if (tun.detached())
        sys::detach_tun_queue(fd);
}

std::unordered_map<uint32_t, int> TunDevices::numbers() const {
    std::unordered_map<uint32_t, int> result;
    for (const auto& [id, fd] : fds_)
        result[id] = fd.get();
    return result;
}

void TunDevices::settle() {
    fault::point("keep tun interfaces");
    for (int fd : to_settle_) {
        sys::set_tun_persistent(fd, true);
        settled_.push_back(fd);
    }
}

TunDevices::~TunDevices() {
    for (int fd : settled_) {
        try {
            sys::set_tun_persistent(fd, false);
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }
}

}  // namespace crtool::restore
