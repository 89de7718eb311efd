// One run of dump or restore, around what the command itself does: the log file, the supervisor,
// and the sentence at the end.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "cli/common_options.h"
#include "cli/supervisor.h"

namespace crtool::cli {

struct JobFrame {
    std::string command;  // "dump": names the default log file
    std::string title;    // "dump of task 41": begins the final sentence
    bool make_images_dir = false;
    SupervisorOptions supervisor;
};

// Opens the log, runs `prepare` (what is left to check of the command line) and, supervised, `job`.
// An Error of either becomes the last line of the log and of stderr, and the exit status.
int run_job(const JobFrame& frame, const CommonOptions& common,
            const std::function<void()>& prepare, const Job& job);

// What is said of an error, a line each: the details (all lines of the message but the first), then
// the final sentence, "dump of task 41 failed: …".
std::vector<std::string> describe(const std::string& title, const Error& error);

}  // namespace crtool::cli
