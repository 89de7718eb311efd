// See unix_plan.h.
#include "restore/unix_plan.h"

#include <sys/socket.h>

#include <algorithm>

namespace crtool::restore {
namespace {

using image::UnixSocket;

bool has_files(const UnixSocket* socket) {
    return socket != nullptr && std::ranges::any_of(socket->queue(), [](const auto& message) {
               return message.files_size() > 0;
           });
}

class Planner {
  public:
    explicit Planner(const image::Image& image) {
        for (const image::OpenFile& file : image.files) {
            if (!file.has_unix_socket())
                continue;
            sockets_[file.id()] = &file.unix_socket();
            if (file.unix_socket().state() == UnixSocket::LISTENING)
                listening_.try_emplace(file.unix_socket().name().name(), file.id());
        }
    }

    UnixPlan plan(const image::Image& image) {
        for (const image::OpenFile& file : image.files) {
            if (file.has_unix_socket() && !plan_.unit_of.contains(file.id()))
                plan_one(file);
        }
        return std::move(plan_);
    }

  private:
    const UnixSocket* socket(uint32_t id) const {
        auto at = sockets_.find(id);
        return at == sockets_.end() ? nullptr : at->second;
    }

    void add(UnixUnit unit) {
        unit.has_files = has_files(socket(unit.a)) || has_files(socket(unit.b));
        for (uint32_t file : {unit.a, unit.b}) {
            if (file != 0)
                plan_.unit_of[file] = plan_.units.size();
        }
        plan_.units.push_back(unit);
    }

    void plan_one(const image::OpenFile& file) {
        const UnixSocket& own = file.unix_socket();
        UnixUnit unit;
        unit.a = file.id();
        bool is_connected = own.state() == UnixSocket::CONNECTED && own.outside().empty();
        if (own.state() == UnixSocket::PENDING) {
            unit.how = UnixUnit::How::pending;
        } else if (is_connected && own.type() == SOCK_DGRAM) {
            plan_datagrams(own, unit);
        } else if (is_connected) {
            plan_connection(own, unit);
        }
        add(unit);
    }

    // By its name a socket can be connected to at any time, one without can only be born so.
    void plan_datagrams(const UnixSocket& own, UnixUnit& unit) const {
        const UnixSocket* peer = socket(own.peer());
        bool by_name =
            peer != nullptr && peer->has_name() && (own.has_name() || peer->peer() != unit.a);
        if (by_name)
            return;
        unit.how = UnixUnit::How::pair;
        unit.b = own.peer();
        unit.maker = own.peer_creds().pid();
    }

    void plan_connection(const UnixSocket& own, UnixUnit& unit) {
        const UnixSocket* peer = socket(own.peer());
        unit.b = own.peer();
        bool has_name = own.has_name() || (peer != nullptr && peer->has_name());
        if (!has_name) {
            unit.how = UnixUnit::How::pair;
            unit.maker = own.peer_creds().pid();
            return;
        }
        unit.how = UnixUnit::How::meet;
        if (is_accepted(own, peer))
            std::swap(unit.a, unit.b);
        const UnixSocket* client = socket(unit.a);
        const UnixSocket& server = *socket(unit.b);
        unit.maker = server.peer_creds().pid();
        unit.listener = listener_for(server, client == nullptr ? nullptr : &client->peer_creds());
    }

    // A connection that was accepted has the name of its listener.
    bool is_accepted(const UnixSocket& own, const UnixSocket* peer) const {
        if (peer == nullptr || !peer->has_name())
            return true;
        return own.has_name() && listening_.contains(own.name().name());
    }

    uint32_t listener_for(const UnixSocket& server, const image::UnixCreds* creds) {
        UnixListener wanted{server.type(), server.name().name(), 0, creds};
        auto real = listening_.find(wanted.name);
        if (wanted.name.front() == '\0' && real != listening_.end()) {
            wanted.file = real->second;
            wanted.creds = nullptr;
        }
        uint32_t pid = wanted.creds == nullptr ? 0 : wanted.creds->pid();
        std::string key = std::to_string(wanted.type) + ' ' + std::to_string(pid) + ' ' +
                          (wanted.name.front() == '\0' ? "@" : "") + wanted.name;
        auto [at, is_new] =
            listener_of_.try_emplace(key, static_cast<uint32_t>(plan_.listeners.size()));
        if (is_new)
            plan_.listeners.push_back(wanted);
        return at->second;
    }

    std::unordered_map<uint32_t, const UnixSocket*> sockets_;
    std::unordered_map<std::string, uint32_t> listening_;    // by name
    std::unordered_map<std::string, uint32_t> listener_of_;  // index, by type, pid and name
    UnixPlan plan_;
};

}  // namespace

UnixPlan plan_unix(const image::Image& image) {
    return Planner(image).plan(image);
}

bool is_made_by_coordinator(const UnixPlan& plan, const image::OpenFile& file) {
    if (!file.has_unix_socket() || !file.unix_socket().has_name())
        return false;
    const UnixUnit& unit = plan.units[plan.unit_of.at(file.id())];
    return unit.how != UnixUnit::How::pair && unit.b != file.id();
}

}  // namespace crtool::restore
