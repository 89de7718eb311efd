// See tun.h.
#include "dump/tun.h"

#include <linux/if_tun.h>
#include <poll.h>

#include "base/fault.h"
#include "base/log.h"
#include "dump/regular_file.h"
#include "net/link_state.h"
#include "sys/net_interface.h"
#include "sys/socket_calls.h"
#include "sys/tun.h"

namespace crtool::dump {
namespace {

void record_link(const net::LinkState& state, image::TunInterface& interface) {
    interface.set_link(state.link);
    for (const std::string& address : state.addresses)
        interface.add_addresses(address);
    for (const std::string& route : state.routes)
        interface.add_routes(route);
    interface.set_master(state.master);
    if (state.address_mode)
        interface.set_address_mode(*state.address_mode);
}

void record_modes(int fd, const std::string& name, image::TunInterface& interface) {
    sys::TunModes modes = sys::tun_modes(fd);
    interface.set_sndbuf(modes.sndbuf);
    interface.set_header_bytes(modes.header_bytes);
    interface.set_little_endian(modes.little_endian);
    interface.set_big_endian(modes.big_endian);
    interface.set_offloads(sys::tun_offloads(name));
}

void record_details(const net::TunDetails& details, image::TunInterface& interface) {
    if (details.owner)
        interface.set_owner(*details.owner);
    if (details.group)
        interface.set_group(*details.group);
}

void record_queue(const FileVisit& visit, const FdProbe& probe, const sys::TunQueue& queue,
                  image::Tun& tun) {
    uint32_t index = sys::interface_index(queue.name).value_or(0);
    net::TunDetails details = net::read_tun_details(index);
    // Without a filter the kernel says what IFF_NO_PI would say.
    if (!queue.has_no_pi || (details.no_pi && queue.had_filter))
        return visit.refuse(probe, "a tap device with a filter, which the kernel does not show",
                            "let the program take it off (TUNDETACHFILTER) before the dump");
    tun.set_name(queue.name);
    tun.set_flags(queue.flags | (details.no_pi ? IFF_NO_PI : 0));
    tun.set_detached(queue.detached);
    image::TunInterface& interface = *tun.mutable_interface();
    interface.set_persistent(queue.persistent);
    record_link(net::read_link_state(index), interface);
    record_details(details, interface);
    record_modes(probe.fd, queue.name, interface);
    if ((sys::poll_now(probe.fd) & POLLIN) != 0)
        log::warn("packets of the interface {} that nobody has read are lost", queue.name);
}

}  // namespace

bool matches_tun(const FdProbe& probe) {
    constexpr dev_t kTunDevice = device_number(10, 200);
    return S_ISCHR(probe.st.st_mode) && probe.st.st_rdev == kTunDevice && probe.number >= 0 &&
           !probe.is_path();
}

void dump_tun(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    fault::point("look at a tun device");
    if (!names_this(probe.link, probe))
        return visit.refuse(probe, "a tun device whose node has lost its name",
                            "give it back its name before the dump");
    if (!sys::is_tun_of_own_namespace(probe.fd))
        return visit.refuse(probe,
                            "a tun device of another network namespace, which is not carried yet",
                            "close it before the dump");
    image::Tun& tun = *file.mutable_tun();
    tun.set_path(probe.link);
    if (auto queue = sys::tun_queue(probe.fd))
        record_queue(visit, probe, *queue, tun);
}

}  // namespace crtool::dump
