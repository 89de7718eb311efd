// Which unix sockets are made together, how, and by whom: a pure function of the image.
//
// Every socket of the image is in one unit. Two ends of a connection are one unit, since only
// whoever makes both can put data into their queues.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "image/image.h"

namespace crtool::restore {

struct UnixUnit {
    enum class How : uint8_t {
        alone,    // socket(2), or made by the coordinator where it has a name
        pair,     // socketpair(2)
        meet,     // connect(2) to listener `listener`, and accept(2)
        pending,  // connect(2) to the listener that is its peer
    };

    How how = How::alone;
    // OpenFile.id; of meet, a is who connects and b is who is accepted. 0: an end that nobody has
    // any more.
    uint32_t a = 0;
    uint32_t b = 0;
    uint32_t listener = 0;   // meet: index in UnixPlan::listeners
    uint32_t maker = 0;      // the task that SO_PEERCRED names; 0: whoever has the socket
    bool has_files = false;  // a queue holds descriptors: it is filled late
};

// A listener that connections come from.
struct UnixListener {
    uint32_t type = 0;
    std::string name;
    // The listening socket of the image, where there is one and its name cannot be had twice
    // (abstract names); 0: a listener that only the restore has.
    uint32_t file = 0;
    const image::UnixCreds* creds = nullptr;  // who calls listen(2); nullptr: does not matter
};

struct UnixPlan {
    std::vector<UnixUnit> units;
    std::unordered_map<uint32_t, size_t> unit_of;  // by file
    std::vector<UnixListener> listeners;
};

// The image must have passed validate().
UnixPlan plan_unix(const image::Image& image);

// Its name is bound by the coordinator before the tree is made.
bool is_made_by_coordinator(const UnixPlan& plan, const image::OpenFile& file);

}  // namespace crtool::restore
