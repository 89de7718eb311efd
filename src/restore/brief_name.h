// A name in a directory for the moment in which something without a name is made: only by a name
// can it be made and opened.
#pragma once

#include <functional>
#include <string>

namespace crtool::restore {

class BriefName {
  public:
    // At the path that it had before when that is free, else beside it: the link count is what
    // matters, and the name is only what /proc shows before "(deleted)". `make` gives false where
    // the path is taken; `remove` is called in the end, whatever happens.
    BriefName(const std::string& old_path, const std::function<bool(const std::string&)>& make,
              void (*remove)(const std::string&));
    // After an error; it cannot tell of one of its own.
    ~BriefName();
    BriefName(const BriefName&) = delete;
    BriefName& operator=(const BriefName&) = delete;

    const std::string& path() const { return path_; }

    void take_away();

  private:
    std::string path_;
    void (*remove_)(const std::string&);
    bool stands_ = true;
};

// Where a name can be had for a moment: the old one, or, when its directory is gone or cannot be
// written to, the same one in the nearest directory above that can.
std::string place_for_name(const std::string& path);

}  // namespace crtool::restore
