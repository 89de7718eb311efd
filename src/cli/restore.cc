// `crtool restore`: options and the frame of the run; the work is in src/restore.
#include "restore/restore.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.h"
#include "cli/command.h"
#include "cli/external_options.h"
#include "cli/job.h"
#include "cli/job_arguments.h"
#include "cli/remap_option.h"
#include "cli/result.h"
#include "restore/options.h"
#include "sys/file_calls.h"

namespace crtool::cli {
namespace {

struct RestoreArguments : JobArguments {
    restore::Options options;
    std::string vdso = "auto";
    std::vector<std::string> inherit;
    std::vector<std::string> remaps;
};

void add_tree_options(CLI::App& app, RestoreArguments& arguments) {
    restore::Options& options = arguments.options;
    app.add_flag("-d,--restore-detached", options.detached,
                 "End once the tree runs, instead of waiting for it");
    app.add_flag("-S,--restore-sibling", options.sibling,
                 "Make the tree a child of crtool's own parent (with -d)");
    app.add_flag("-s,--leave-stopped", options.leave_stopped,
                 "Leave the tree stopped (SIGCONT goes on)");
    app.add_option("--pidfile", options.pidfile,
                   "Write the pid of the tree's root here, relative to the work directory")
        ->type_name("FILE");
    app.add_flag("-j,--shell-job", options.shell_job, "Take over this terminal, session and group");
    app.add_option("--freeze-cgroup", options.freeze_cgroup,
                   "Leave the tree in this cgroup, frozen")
        ->type_name("DIR");
    app.add_option("--vdso", arguments.vdso,
                   "Where the kernel's vdso goes: map it at the saved place, redirect calls of the "
                   "saved one, or auto: what fits this kernel")
        ->type_name("HOW")
        ->capture_default_str();
    // Hidden: only "/" is carried, which drivers pass.
    app.add_option("-r,--root", options.root)->group("");
    app.add_option("--inherit-fd", arguments.inherit,
                   "Give the tree descriptor N for an open file: by the key of --external, "
                   "pipe:[INODE], socket:[INODE], tty[RDEV:DEV], file[MOUNT:INODE] or its path")
        ->type_name("fd[N]:NAME")
        ->allow_extra_args(false);
    app.add_option("--tcp-remap", arguments.remaps,
                   "Give TCP and UDP sockets NEW where they have the address, or the prefix "
                   "(ADDRESS/LENGTH), OLD; their own and those they talk to")
        ->type_name("OLD=NEW")
        ->allow_extra_args(false);
    // Hidden: what dump left out, which --inherit-fd gives.
    app.add_option("--external", arguments.external)->allow_extra_args(false)->group("");
}

void add_permission_options(CLI::App& app, RestoreArguments& arguments) {
    constexpr const char* kGroup = "Permissions (an image that needs one is refused without it)";
    restore::Options& options = arguments.options;
    auto flag = [&](const char* names, bool& value, const char* help) {
        app.add_flag(names, value, help)->group(kGroup);
    };
    flag("--tcp-established", options.tcp_established, "TCP connections to outside of the tree");
    flag("--tcp-close", options.tcp_close, "End TCP connections to outside of the tree");
    flag("-x,--ext-unix-sk", options.ext_unix_sk, "Unix sockets whose peer is outside the tree");
    flag("-l,--file-locks", options.file_locks, "File locks");
    flag("--skip-file-rwx-check", options.skip_file_rwx_check,
         "Files whose permissions have changed since");
    add_file_validation(app, arguments, kGroup);
}

// What CLI11 does not check; before anything is touched.
void finish(RestoreArguments& arguments) {
    restore::Options& options = arguments.options;
    finish_common(arguments, options);
    if (options.sibling && !options.detached)
        fail(Errc::usage, "--restore-sibling needs --restore-detached: only the parent can wait");
    if (!options.root.empty() && options.root != "/")
        fail(Errc::usage, "known, not carried yet: --root (mount namespaces)");
    options.file_validation = parse_file_validation(arguments.file_validation);
    for (const std::string& name : arguments.external)
        parse_external(name);
    for (const std::string& text : arguments.inherit) {
        restore::InheritedFd inherited = parse_inherit_fd(text);
        if (!sys::was_inherited(inherited.fd))
            fail(Errc::usage, "--inherit-fd {}: crtool was not given a descriptor {}", text,
                 inherited.fd);
        options.inherit.push_back(std::move(inherited));
    }
    options.remaps = parse_remaps(arguments.remaps);
    options.vdso = static_cast<restore::VdsoChoice>(
        parse_choice(arguments.vdso, {"auto", "map", "redirect"}, "--vdso"));
}

int run(RestoreArguments& arguments) {
    JobFrame frame;
    frame.command = "restore";
    frame.title = fmt::format("restore from {}", arguments.common.images_dir);
    frame.supervisor.in_process = arguments.options.sibling;
    return run_job(
        frame, arguments.common, [&] { finish(arguments); },
        [&](const std::atomic<bool>& cancelled) {
            restore::Result result = restore::run(arguments.options, cancelled);
            print_result(result, arguments.common);
            return arguments.options.detached ? 0 : wait_for_root(result.root);
        });
}

}  // namespace

Command add_restore(CLI::App& parent, const Arguments& given) {
    auto arguments = std::make_shared<RestoreArguments>();
    CLI::App* app = parent.add_subcommand("restore", "Bring a saved process tree back");
    add_tree_options(*app, *arguments);
    add_common_options(*app, arguments->common);
    add_permission_options(*app, *arguments);
    add_ignored_options(
        *app, *arguments,
        {"-R,--leave-running", "--overwrite", "--link-remap", "--evasive-devices",
         "--skip-in-flight"},
        {"-t,--tree", "--timeout", "--ghost-limit", "--manage-cgroups", "--pre-dump-mode"});
    add_later_options(*app, given, arguments->later);
    return {app, [arguments] { return run(*arguments); }};
}

}  // namespace crtool::cli
