// What dump and restore have on the command line alike, beside the common options.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "cli/common_options.h"

namespace crtool::cli {

// As they stand on the command line; what needs a look beyond CLI11 is kept as text.
struct JobArguments {
    CommonOptions common;
    std::string file_validation = "buildid";
    std::vector<std::string> external;
    std::vector<std::string> ignored_values;
    std::vector<std::string> later;
};

void add_file_validation(CLI::App& command, JobArguments& arguments, const char* group);

// Options of the other command that drivers pass to every command alike; they change nothing here,
// and are not in the help.
void add_ignored_options(CLI::App& command, JobArguments& arguments,
                         std::initializer_list<const char*> flags,
                         std::initializer_list<const char*> values);

// dump::Options or restore::Options from what they have in common. Throws Errc::usage.
template <typename Options>
void finish_common(const JobArguments& arguments, Options& options) {
    refuse_later_options(arguments.later);
    options.images_dir = arguments.common.images_dir;
    options.work_dir = arguments.common.effective_work_dir();
    options.display_stats = arguments.common.display_stats;
}

}  // namespace crtool::cli
