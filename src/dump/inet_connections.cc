// TCP connections of the tree, when all of its sockets are known: see inet_set.h.
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

#include "base/fault.h"
#include "base/log.h"
#include "dump/inet_set.h"
#include "net/endpoint.h"
#include "net/inet_diag.h"
#include "net/tcp_repair.h"
#include "sys/apart.h"
#include "sys/file_make.h"
#include "sys/inet_calls.h"
#include "sys/notify_calls.h"

namespace crtool::dump {
namespace {

constexpr int kAttempts = 100;

void record_connection(const net::TcpConnection& from, image::InetSocket& socket) {
    socket.set_state(from.state);
    image::TcpConnection& to = *socket.mutable_tcp();
    to.set_send_seq(from.send_seq);
    to.set_receive_seq(from.receive_seq);
    to.set_unacked(from.unacked);
    to.set_unsent(from.unsent);
    to.set_unread(from.unread);
    to.set_fin_received(from.fin_received);
    to.set_mss(from.mss);
    to.set_has_window_scale(from.has_window_scale);
    to.set_send_scale(from.send_scale);
    to.set_receive_scale(from.receive_scale);
    to.set_sack(from.sack);
    to.set_timestamps(from.timestamps);
    to.set_timestamp(from.timestamp);
    to.set_window(&from.window, sizeof from.window);
    if (!from.urgent.has_mark())
        return;
    to.mutable_urgent()->set_at(from.urgent.at);
    to.mutable_urgent()->set_read(from.urgent.state == net::Urgent::State::read);
}

std::pair<net::Endpoint, net::Endpoint> ends_of(const image::InetSocket& socket) {
    return {net::parse_endpoint(socket.local()).value_or(net::Endpoint{}),
            net::parse_endpoint(socket.remote()).value_or(net::Endpoint{})};
}

}  // namespace

bool record_end(int fd, image::InetSocket& socket) {
    if (net::InLine(fd).read_urgent().state != net::Urgent::State::none)
        return false;
    socket.set_state(TCP_CLOSE);
    socket.clear_remote();
    socket.clear_peer();
    socket.clear_other_end_closed();
    size_t unread = static_cast<size_t>(sys::unread_bytes(fd));
    socket.mutable_tcp()->set_unread(sys::peek_bytes(fd, unread));
    return true;
}

image::InetSocket& InetSet::socket(const Open& open) {
    return *open.file->mutable_inet_socket();
}

bool InetSet::leads_outside(const Open& open) const {
    const image::InetSocket& at = socket(open);
    return at.peer() == 0 && at.state() != TCP_CLOSE && !at.other_end_closed() && !open.ends;
}

void InetSet::add_connection(const FdProbe& probe, uint32_t id) {
    Open& open = open_.emplace_back();
    open.id = id;
    open.task = probe.task;
    open.object = object_text(probe.proc_name, probe.link);
    try {
        open.fd = sys::duplicate(probe.fd);
    } catch (const Error& error) {
        fail(Errc::system,
             "{} (crtool keeps a descriptor for every TCP connection, {} so far; "
             "raise its limit of open files, ulimit -n)",
             error.what(), open_.size() - 1);
    }
    open.ino = static_cast<uint32_t>(probe.st.st_ino);
}

void InetSet::link(std::vector<image::OpenFile>& records, const Options& options,
                   Problems& problems) {
    for (Open& open : open_)
        open.file = &records[open.id - 1];
    find_half_open();
    pair_up();
    OtherEnds others(records);
    settle_outside(others, options, problems);
    if (!problems.empty())
        return;
    lock_outside(problems);
    if (problems.empty() && !open_.empty())
        sys::Apart::run([&](const sys::Apart& apart) { read_all(apart, problems); });
}

void InetSet::find_half_open() {
    std::map<uint32_t, Open*> wanted;
    for (Open& open : open_) {
        if (socket(open).state() == TCP_SYN_SENT)
            wanted[open.ino] = &open;
    }
    if (wanted.empty())
        return;
    for (const net::TcpSocket& each : net::tcp_sockets(1U << TCP_SYN_SENT)) {
        auto at = wanted.find(each.ino);
        if (at == wanted.end())
            continue;
        image::InetSocket& half_open = socket(*at->second);
        half_open.set_remote(net::to_sockaddr(each.remote, static_cast<int>(half_open.domain())));
    }
}

void InetSet::pair_up() {
    std::map<std::pair<net::Endpoint, net::Endpoint>, image::OpenFile*> by_ends;
    for (const Open& open : open_) {
        if (socket(open).state() != TCP_SYN_SENT)
            by_ends[ends_of(socket(open))] = open.file;
    }
    for (const auto& [ends, file] : by_ends) {
        auto other = by_ends.find({ends.second, ends.first});
        if (other != by_ends.end())
            file->mutable_inet_socket()->set_peer(other->second->id());
    }
}

void InetSet::end_with_dump(const Open& open, Problems& problems) {
    if (!record_end(open.fd.get(), socket(open)))
        refuse(open, "which is to end with unread urgent data (MSG_OOB)",
               "let the program read it before the dump", Lasts::on, problems);
}

void InetSet::refuse(const Open& open, const char* what_of_it, const char* way_out, Lasts lasts,
                     Problems& problems) {
    problems.add(open.task, open.object,
                 fmt::format("a TCP connection to {}, {}", sys::address_text(socket(open).remote()),
                             what_of_it),
                 way_out, lasts);
}

void InetSet::settle_outside(OtherEnds& others, const Options& options, Problems& problems) {
    for (Open& open : open_) {
        image::InetSocket& at = socket(open);
        bool is_half_open = at.state() == TCP_SYN_SENT;
        if (!leads_outside(open) || (is_half_open && !at.remote().empty()))
            continue;
        OtherEnd other = is_half_open ? OtherEnd::outside : others.find(at);
        if (other == OtherEnd::closed)
            at.set_other_end_closed(true);
        else if (other == OtherEnd::not_accepted && !options.skip_in_flight)
            refuse(open, "which has not accepted it yet", "let it be accepted before the dump",
                   Lasts::a_moment, problems);
        else if (options.tcp_close || is_half_open)
            open.ends = true;
        else if (other == OtherEnd::closing && !options.tcp_established)
            refuse(open, "which has closed it and still sends",
                   "let that arrive before the dump, or allow it with --tcp-established",
                   Lasts::a_moment, problems);
        else if (!options.tcp_established)
            refuse(open, "which is outside of the tree",
                   "allow it with --tcp-established, or let it end with --tcp-close", Lasts::on,
                   problems);
    }
}

void InetSet::lock_outside(Problems& problems) {
    std::vector<net::LockedPair> pairs;
    const Open* first = nullptr;
    for (const Open& open : open_) {
        if (!leads_outside(open) || socket(open).state() == TCP_SYN_SENT)
            continue;
        auto [local, remote] = ends_of(socket(open));
        pairs.push_back({local, remote});
        first = first == nullptr ? &open : first;
    }
    if (pairs.empty())
        return;
    fault::point("lock connections");
    try {
        lock_ = std::make_unique<net::NetLock>(std::move(pairs));
    } catch (const Error& error) {
        problems.add(first->task, first->object,
                     fmt::format("a TCP connection that cannot be locked: {}", error.what()),
                     "let it end with --tcp-close");
    }
}

void InetSet::record(const Open& open, const net::TcpConnection& from, Problems& problems) {
    image::InetSocket& at = socket(open);
    if (from.urgent.state == net::Urgent::State::awaited)
        refuse(open, "of which urgent data (MSG_OOB) is announced and has not come",
               "let the program read what is before it", Lasts::a_moment, problems);
    if (net::has_connection(from.state))
        record_connection(from, at);
    // The other end may have reset it a moment ago.
    else if (!record_end(open.fd.get(), at))
        refuse(open, "which was reset, with unread urgent data (MSG_OOB)",
               "let the program read it before the dump", Lasts::on, problems);
}

void InetSet::read_all(const sys::Apart& apart, Problems& problems) const {
    std::map<uint32_t, const Open*> by_id;
    for (const Open& open : open_)
        by_id[open.file->id()] = &open;
    for (const Open& open : open_) {
        if (apart.is_alone())
            return;
        const image::InetSocket& at = socket(open);
        if (open.ends)
            end_with_dump(open, problems);
        if (!net::has_connection(static_cast<uint8_t>(at.state())) || at.has_tcp())
            continue;
        fault::point("read a TCP connection");
        if (at.peer() == 0)
            record(open, net::read_connection(open.fd.get()), problems);
        else
            read_both(open, *by_id.at(at.peer()), problems);
    }
}

void InetSet::read_both(const Open& open, const Open& other, Problems& problems) {
    for (int attempt = 0; attempt <= kAttempts; attempt++) {
        net::TcpConnection one = net::read_connection(open.fd.get());
        net::TcpConnection two = net::read_connection(other.fd.get());
        if (!net::fit_together(one, two))
            continue;
        record(open, one, problems);
        record(other, two, problems);
        return;
    }
    fail(Errc::system, "a TCP connection inside the tree does not come to rest");
}

std::string InetSet::name_lock() {
    if (lock_ != nullptr)
        lock_name_ = net::make_lock_name();
    return lock_name_;
}

// The tree has gone, so that nothing that is done here could be left to it when crtool is killed;
// the copies of its descriptors still hold the connections open.
void InetSet::outlive() {
    try {
        for (const Open& open : open_) {
            // The other end of a connection that ends with the dump shall hear of it.
            if (!open.ends)
                net::start_repair(open.fd.get());
        }
        if (lock_ != nullptr)
            lock_->keep(lock_name_);
    } catch (const Error& error) {
        log::warn("connections may be reset before the restore: {}", error.what());
    }
}

}  // namespace crtool::dump
