// See result.h.
#include "cli/result.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "cli/json.h"

namespace crtool::cli {
namespace {

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

void print_json(const JsonObject& object) {
    fmt::print("{}\n", object.text());
    (void)std::fflush(stdout);
}

}  // namespace

void print_result(const dump::Result& result, const CommonOptions& options) {
    if (options.json) {
        JsonObject object;
        object.add("command", "dump");
        object.add("images_dir", options.images_dir);
        object.add("tasks", result.tasks);
        object.add("threads", result.threads);
        object.add("memory_bytes", result.page_bytes);
        object.add("frozen_ms", milliseconds(result.frozen));
        object.add("total_ms", milliseconds(result.total));
        print_json(object);
    }
    if (options.display_stats) {
        fmt::print("tasks {}, threads {}\nmemory written: {} KiB\n", result.tasks, result.threads,
                   result.page_bytes / 1024);
        fmt::print("frozen {:.3f} ms, in all {:.3f} ms\n", milliseconds(result.frozen),
                   milliseconds(result.total));
        (void)std::fflush(stdout);
    }
}

void print_result(const restore::Result& result, const CommonOptions& options) {
    if (options.json) {
        JsonObject object;
        object.add("command", "restore");
        object.add("images_dir", options.images_dir);
        object.add("pid", result.root);
        object.add("tasks", result.tasks);
        object.add("threads", result.threads);
        object.add("memory_bytes", result.page_bytes);
        object.add("total_ms", milliseconds(result.total));
        print_json(object);
    }
    if (options.display_stats) {
        fmt::print("root {}, tasks {}, threads {}\nmemory read: {} KiB\nin all {:.3f} ms\n",
                   result.root, result.tasks, result.threads, result.page_bytes / 1024,
                   milliseconds(result.total));
        (void)std::fflush(stdout);
    }
}

}  // namespace crtool::cli
