// See app.h. CLI11's errors become exit status 2 here; Errors outside of a job are reported here.
#include "cli/app.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/version.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/show.h"

namespace crtool::cli {
namespace {

constexpr const char* kDescription =
    "crtool saves a running process tree into files and brings it back later:\n"
    "\n"
    "  crtool dump    -t PID -D DIR     the tree is saved into DIR and ends\n"
    "  crtool restore -D DIR            it goes on where it was, with its old pids\n"
    "\n"
    "Add -R to a dump to let the tree go on, -d to a restore not to wait for it.\n";

constexpr const char* kFooter =
    "\n'crtool COMMAND --help' has the options of a command, crtool(1) everything.\n"
    "Exit status: 0 done, 1 failed, 2 usage, 3 refused, 4 bad image, 5 gone, 6 cancelled;\n"
    "a restore without -d ends as the restored program does.";

// Commands that users of this field know; crtool does not carry them out yet.
constexpr std::array<std::string_view, 8> kLaterCommands{
    "pre-dump", "page-server", "lazy-pages", "service", "swrk", "dedup", "cpuinfo", "exec",
};

// Configuration files hold options of dump and restore; they come first, so that the command line
// wins.
Arguments with_configs(const Arguments& given) {
    Arguments arguments = expand(given);
    if (arguments.empty() || (arguments[0] != "dump" && arguments[0] != "restore"))
        return arguments;
    Arguments configs = read_configs(arguments);
    arguments.insert(arguments.begin() + 1, configs.begin(), configs.end());
    return arguments;
}

struct KnownCommand {
    std::string_view name;
    Command (*add)(CLI::App&, const Arguments&);
};

constexpr std::array kCommands{
    KnownCommand{"dump", add_dump},
    KnownCommand{"restore", add_restore},
    KnownCommand{"check", add_check},
    KnownCommand{"show", add_show},
};

// Adds the command that is asked for and no other (each costs a tenth of a millisecond); all of
// them where there is none, for --help.
std::vector<Command> add_commands(CLI::App& app, const Arguments& arguments) {
    if (arguments.empty())
        fail(Errc::usage, "a command is missing, try 'crtool --help'");
    const std::string& asked = arguments[0];
    bool all = asked.starts_with('-');
    std::vector<Command> added;
    for (const KnownCommand& known : kCommands) {
        if (all || known.name == asked)
            added.push_back(known.add(app, arguments));
    }
    if (std::find(kLaterCommands.begin(), kLaterCommands.end(), asked) != kLaterCommands.end())
        fail(Errc::usage, "'{}' is known, not carried yet", asked);
    if (added.empty())
        fail(Errc::usage, "there is no command '{}', try 'crtool --help'", asked);
    return added;
}

int parse_and_run(int argc, char** argv) {
    Arguments arguments = with_configs(Arguments(argv + 1, argv + argc));
    // Not left to CLI11, which would throw: the first throw of a static program costs a
    // millisecond.
    if (arguments == Arguments{"--version"} || arguments == Arguments{"-V"}) {
        fmt::print("crtool {}\n", version());
        return kExitOk;
    }
    CLI::App app(kDescription, "crtool");
    app.footer(kFooter);
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.set_version_flag("-V,--version", fmt::format("crtool {}", version()));
    app.require_subcommand(1);
    std::vector<Command> commands = add_commands(app, arguments);
    // CLI11 takes the arguments last to first.
    std::reverse(arguments.begin(), arguments.end());
    try {
        app.parse(arguments);
    } catch (const CLI::ParseError& error) {
        // --help and --version are "errors" with status 0 for CLI11.
        if (error.get_exit_code() == 0)
            return app.exit(error);
        std::string command = commands.size() == 1 ? commands.front().app->get_name() + " " : "";
        fail(Errc::usage, "{}, try 'crtool {}--help'", error.what(), command);
    }
    for (const Command& command : commands) {
        if (command.app->parsed())
            return command.run();
    }
    return kExitUsage;
}

}  // namespace

Command add_show(CLI::App& parent, const Arguments&) {
    auto options = std::make_shared<ShowOptions>();
    CLI::App* app = parent.add_subcommand("show", "Tell what is in an image");
    app->add_option("DIR,-D,--images-dir", options->dir, "Directory of the image")->required();
    app->add_flag("--json", options->json, "As JSON");
    app->add_option("-v,--verbosity", options->verbosity,
                    "From 3: everything, and the content of memory is checked")
        ->type_name("0…4")
        ->check(CLI::Range(0, 4).description(""))
        ->capture_default_str();
    return {app, [options] { return show_main(*options); }};
}

int run(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const Error& error) {
        fmt::print(stderr, "crtool: {}\n", error.what());
        return exit_code(error.code());
    } catch (const std::exception& error) {
        fmt::print(stderr, "crtool: internal error: {}\n", error.what());
        return kExitFailed;
    }
}

}  // namespace crtool::cli
