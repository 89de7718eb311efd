// Options that dump and restore have in common, and those whose function comes later.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"
#include "restore/options.h"

namespace CLI {
class App;
}

namespace crtool::cli {

struct CommonOptions {
    std::string images_dir = ".";
    std::string work_dir;  // empty: images_dir
    std::string log_file;  // empty: the command's name and ".log"
    int verbosity = 2;
    bool display_stats = false;
    bool json = false;

    const std::string& effective_work_dir() const {
        return work_dir.empty() ? images_dir : work_dir;
    }
};

// Adds -D -W -o -v --config … to a subcommand.
void add_common_options(CLI::App& command, CommonOptions& options);

// Adds, hidden from the help, the options of `given` that users of this field know and that crtool
// does not carry out yet. Those found on the command line are collected in `later`.
void add_later_options(CLI::App& command, const Arguments& given, std::vector<std::string>& later);

// Throws Errc::usage when an option of a later stage was given: before anything is touched.
void refuse_later_options(const std::vector<std::string>& later);

// "512", "10K", "1M", "2G" in bytes. Throws Errc::usage naming `option`.
uint64_t parse_size(std::string_view text, std::string_view option);

// none, size (or filesize), buildid, strict. Throws Errc::usage.
restore::FileValidation parse_file_validation(std::string_view text);

// Name of one of a list of choices as its index. Throws Errc::usage naming `option` and choices.
size_t parse_choice(std::string_view text, std::initializer_list<std::string_view> choices,
                    std::string_view option);

}  // namespace crtool::cli
