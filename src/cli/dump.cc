// `crtool dump`: options and the frame of the run; the work is in src/dump.
#include "dump/dump.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.h"
#include "cli/command.h"
#include "cli/external_options.h"
#include "cli/job.h"
#include "cli/job_arguments.h"
#include "cli/result.h"
#include "dump/options.h"
#include "restore/restore.h"

namespace crtool::cli {
namespace {

struct DumpArguments : JobArguments {
    dump::Options options;
    bool leave_running = false;
    bool leave_stopped = false;
    unsigned timeout = 10;
    std::string ghost_limit = "1M";
    std::string manage_cgroups = "none";
    std::string pre_dump_mode = "splice";
};

void add_tree_options(CLI::App& app, DumpArguments& arguments) {
    dump::Options& options = arguments.options;
    app.add_option("-t,--tree", options.tree, "The process to save, with all its descendants")
        ->type_name("PID")
        ->required();
    app.add_flag("-R,--leave-running", arguments.leave_running,
                 "Let the tree go on once its image is complete");
    app.add_flag("-s,--leave-stopped", arguments.leave_stopped,
                 "Leave the tree stopped (SIGCONT goes on) once its image is complete");
    app.add_flag("--overwrite", options.overwrite, "Replace an image that is in the directory");
    app.add_flag("-j,--shell-job", options.shell_job,
                 "The tree was started from a shell that is not part of it: accept its terminal, "
                 "session and group");
    app.add_option("--timeout", arguments.timeout, "Give up if the tree has not stopped by then")
        ->type_name("SECONDS")
        ->capture_default_str();
    app.add_option("--freeze-cgroup", options.freeze_cgroup, "Stop the tree by this cgroup")
        ->type_name("DIR");
}

void add_permission_options(CLI::App& app, DumpArguments& arguments) {
    constexpr const char* kGroup = "Permissions (a tree that needs one is refused without it)";
    dump::Options& options = arguments.options;
    auto flag = [&](const char* names, bool& value, const char* help) {
        app.add_flag(names, value, help)->group(kGroup);
    };
    flag("--tcp-established", options.tcp_established, "TCP connections to outside of the tree");
    flag("--tcp-close", options.tcp_close, "End TCP connections to outside of the tree");
    flag("--skip-in-flight", options.skip_in_flight,
         "Leave out TCP connections that wait to be accepted");
    flag("-x,--ext-unix-sk", options.ext_unix_sk, "Unix sockets whose peer is outside the tree");
    flag("-l,--file-locks", options.file_locks, "File locks");
    flag("--link-remap", options.link_remap, "Deleted files that still have another name");
    flag("--evasive-devices", options.evasive_devices, "Device files whose path has gone");
    app.add_option("--ghost-limit", arguments.ghost_limit, "Greatest deleted file that is stored")
        ->type_name("SIZE")
        ->capture_default_str()
        ->group(kGroup);
    app.add_option("--manage-cgroups", arguments.manage_cgroups,
                   "Cgroups: none, props, soft, full, strict or ignore")
        ->type_name("MODE")
        ->capture_default_str()
        ->group(kGroup);
    app.add_option("--external", arguments.external,
                   "Leave out an open file, which the restore will be given by --inherit-fd: "
                   "file[MOUNT:INODE], tty[RDEV:DEV], pipe[INODE], socket[INODE] or fd[PID:N]=KEY")
        ->type_name("KIND[ID]:KEY")
        ->allow_extra_args(false)
        ->group(kGroup);
    add_file_validation(app, arguments, kGroup);
}

// What CLI11 does not check; before anything is touched.
void finish(DumpArguments& arguments) {
    dump::Options& options = arguments.options;
    finish_common(arguments, options);
    if (options.tree <= 0)
        fail(Errc::usage, "--tree: {} is no pid", options.tree);
    if (arguments.leave_running && arguments.leave_stopped)
        fail(Errc::usage, "--leave-running and --leave-stopped exclude each other");
    if (arguments.leave_running)
        options.after = dump::After::run;
    if (arguments.leave_stopped)
        options.after = dump::After::stop;
    options.timeout = std::chrono::seconds(arguments.timeout);
    for (const std::string& name : arguments.external)
        options.external.push_back(parse_external(name));
    options.ghost_limit = parse_size(arguments.ghost_limit, "--ghost-limit");
    options.manage_cgroups = static_cast<dump::ManageCgroups>(
        parse_choice(arguments.manage_cgroups,
                     {"none", "props", "soft", "full", "strict", "ignore"}, "--manage-cgroups"));
    options.file_validation_build_id =
        parse_file_validation(arguments.file_validation) >= restore::FileValidation::build_id;
    parse_choice(arguments.pre_dump_mode, {"splice", "read"}, "--pre-dump-mode");
}

// The restore that the image will get, with the permissions that were given here.
restore::Options as_restored(const dump::Options& dump) {
    restore::Options options;
    options.images_dir = dump.images_dir;
    options.shell_job = dump.shell_job;
    options.tcp_established = dump.tcp_established;
    options.ext_unix_sk = dump.ext_unix_sk;
    options.file_locks = dump.file_locks;
    return options;
}

int run(DumpArguments& arguments) {
    JobFrame frame;
    frame.command = "dump";
    frame.title = fmt::format("dump of task {}", arguments.options.tree);
    frame.make_images_dir = true;
    frame.supervisor.new_session = true;
    frame.supervisor.ignore_file_limit_signal = true;
    return run_job(
        frame, arguments.common, [&] { finish(arguments); },
        [&](const std::atomic<bool>& cancelled) {
            auto rehearse = [&] { restore::rehearse(as_restored(arguments.options)); };
            print_result(dump::run(arguments.options, cancelled, rehearse), arguments.common);
            return 0;
        });
}

}  // namespace

Command add_dump(CLI::App& parent, const Arguments& given) {
    auto arguments = std::make_shared<DumpArguments>();
    CLI::App* app = parent.add_subcommand("dump", "Save a process tree into a directory");
    add_tree_options(*app, *arguments);
    add_common_options(*app, arguments->common);
    add_permission_options(*app, *arguments);
    add_ignored_options(*app, *arguments,
                        {"-d,--restore-detached", "-S,--restore-sibling", "--skip-file-rwx-check"},
                        {"--pidfile", "--root", "--inherit-fd", "--tcp-remap"});
    // Both ways to read memory give the same image.
    app->add_option("--pre-dump-mode", arguments->pre_dump_mode)->group("");
    add_later_options(*app, given, arguments->later);
    return {app, [arguments] { return run(*arguments); }};
}

}  // namespace crtool::cli
