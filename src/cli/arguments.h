// From argv and configuration files to the argument list that CLI11 parses: pure functions.
//
// CLI11 has no notion of "-v3" meaning verbosity 3, of options whose value is optional and given
// with '=' only, or of a file of options; here all three become ordinary "--name=value" arguments.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace crtool::cli {

using Arguments = std::vector<std::string>;

// "-v3" and "-vvv" become "--verbosity=3"; "-v" and "--verbosity" one more than warnings; an option
// with an optional value gets its default written out ("--manage-cgroups=soft").
// Arguments after "--" are left alone.
Arguments expand(const Arguments& arguments);

// The arguments that a configuration file stands for. A line is an option by its long name without
// dashes, then optionally blanks and a value, which may stand in double quotes; '#' begins a
// comment. Throws Errc::usage, naming `path` and the line.
Arguments parse_config(std::string_view text, const std::string& path);

// The configuration that applies to this command line, lowest precedence first:
// /etc/crtool/default.conf, then ~/.config/crtool.conf (neither with --no-default-config, and both
// may be missing), then each --config FILE, which must exist.
Arguments read_configs(const Arguments& arguments);

}  // namespace crtool::cli
