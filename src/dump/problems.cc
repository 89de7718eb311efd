// See problems.h.
#include "dump/problems.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"

namespace crtool::dump {

void Problems::add(long task, std::string object, std::string reason, std::string way_out,
                   Lasts lasts) {
    last_on_ = last_on_ || lasts == Lasts::on;
    std::string line = fmt::format("task {}: {}: {}", task, object, reason);
    if (!way_out.empty())
        line += fmt::format(" ({})", way_out);
    lines_.push_back(std::move(line));
}

void Problems::add(const DescriptorProblem& problem) {
    std::string object = problem.fd < 0
                             ? problem.object
                             : fmt::format("descriptor {} ({})", problem.fd, problem.object);
    add(problem.task, std::move(object), problem.reason, problem.way_out);
}

void Problems::throw_if_any() const {
    if (lines_.empty())
        return;
    Errc code = last_on_ ? Errc::unsupported : Errc::busy;
    if (lines_.size() == 1)
        fail(code, "{}", lines_.front());
    fail(code, "{}, and {} more\n{}", lines_.front(), lines_.size() - 1, fmt::join(lines_, "\n"));
}

}  // namespace crtool::dump
