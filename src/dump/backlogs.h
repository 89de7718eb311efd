// Connections from outside of the tree that wait at its TCP listeners to be accepted. Where clients
// come all the time, some have always come while the tree was stopped for its dump, when nobody
// could accept them. Those are left out of the image, like the ones that come a moment later: what
// stands against a dump is only what waited before the tree was stopped.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace crtool::dump {

class Backlogs {
  public:
    // While the tree runs. Until the first look nothing is known.
    void look();

    // Of the `now` connections that wait at this listener, those that may have waited before.
    unsigned waited(uint64_t ino, unsigned now) const;

  private:
    bool has_looked_ = false;
    std::unordered_map<uint64_t, unsigned> before_;
};

}  // namespace crtool::dump
