// Everything that stands against a dump, collected so that the user hears all of it at once.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace crtool::dump {

// A descriptor that cannot be carried.
struct DescriptorProblem {
    pid_t task = 0;
    int fd = -1;  // −1: an open file that is no descriptor (a working directory, a mapping)
    std::string object;  // as its /proc link shows it
    std::string reason;
    std::string way_out;
};

// What is about to pass by itself (an event that the program is going to read) is worth another
// try.
enum class Lasts : uint8_t { on, a_moment };

class Problems {
  public:
    // `object` as people know it ("descriptor 7 (socket:[123])"), `reason` why it cannot be
    // carried, `way_out` what the user can do.
    void add(long task, std::string object, std::string reason, std::string way_out,
             Lasts lasts = Lasts::on);
    void add(const DescriptorProblem& problem);

    bool empty() const { return lines_.empty(); }

    const std::vector<std::string>& lines() const { return lines_; }

    // Throws one Error whose first line is the first problem; further lines follow. It is busy when
    // all of them last a moment only, else unsupported.
    void throw_if_any() const;

  private:
    std::vector<std::string> lines_;
    bool last_on_ = false;
};

}  // namespace crtool::dump
