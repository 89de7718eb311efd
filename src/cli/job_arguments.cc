// See job_arguments.h.
#include "cli/job_arguments.h"

#include <CLI/CLI.hpp>

namespace crtool::cli {

void add_file_validation(CLI::App& command, JobArguments& arguments, const char* group) {
    command
        .add_option("--file-validation", arguments.file_validation,
                    "How a changed file is recognised: none, size (or filesize), buildid or strict")
        ->type_name("HOW")
        ->capture_default_str()
        ->group(group);
}

void add_ignored_options(CLI::App& command, JobArguments& arguments,
                         std::initializer_list<const char*> flags,
                         std::initializer_list<const char*> values) {
    for (const char* name : flags)
        command.add_flag(name)->group("");
    for (const char* name : values)
        command.add_option(name, arguments.ignored_values)->allow_extra_args(false)->group("");
}

}  // namespace crtool::cli
