// Everything that stands against a dump, collected so that the user hears all of it at once.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace crtool::dump {

// How long something stands against a dump.
enum class Stands {
    always,
    now,  // until the program, or who talks to it, has gone on a little
};

// A descriptor that cannot be carried.
struct DescriptorProblem {
    pid_t task = 0;
    int fd = -1;  // −1: an open file that is no descriptor (a working directory, a mapping)
    std::string object;  // as its /proc link shows it
    std::string reason;
    std::string way_out;
};

class Problems {
  public:
    // `object` as people know it ("descriptor 7 (socket:[123])"), `reason` why it cannot be
    // carried, `way_out` what the user can do; may be empty.
    void add(long task, std::string object, std::string reason, std::string way_out,
             Stands stands = Stands::always);
    void add(const DescriptorProblem& problem);

    bool empty() const { return lines_.empty(); }

    const std::vector<std::string>& lines() const { return lines_; }

    // Whether something stands against the dump, and all of it only now.
    bool only_now() const { return !empty() && !is_lasting_; }

    // Throws one unsupported Error whose first line is the first problem; further lines follow.
    void throw_if_any() const;

  private:
    std::vector<std::string> lines_;
    bool is_lasting_ = false;
};

}  // namespace crtool::dump
