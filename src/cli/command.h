// What every subcommand gives to the command line: its options, and the function behind them.
#pragma once

#include <functional>

#include "cli/arguments.h"

namespace CLI {
class App;
}

namespace crtool::cli {

struct Command {
    CLI::App* app = nullptr;
    std::function<int()> run;  // after parsing, if this subcommand was chosen: the exit status
};

// `given` is what will be parsed: options that are not in it and not in the help can be left out.
Command add_dump(CLI::App& parent, const Arguments& given);
Command add_restore(CLI::App& parent, const Arguments& given);
Command add_check(CLI::App& parent, const Arguments& given);
Command add_show(CLI::App& parent, const Arguments& given);

}  // namespace crtool::cli
