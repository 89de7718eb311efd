// Logging: one line a message, with milliseconds since start, to the log file and to stderr.
//
// Levels follow -v0 … -v4 of the command line: 0 nothing but the final error, 1 errors, 2 warnings,
// 3 information, 4 debug. The sink is set up once by main before anything else runs; this is the
// one piece of process-wide state in crtool. Blobs do not log.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace crtool::log {

enum class Level { error = 1, warning = 2, info = 3, debug = 4 };

// Opens `path` (created 0600, truncated) as the log; an empty path logs to stderr. Throws Error.
void open(const std::string& path, int verbosity);
bool enabled(Level level);
void write(Level level, std::string_view text);

template <typename... Args>
void line(Level level, fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(level))
        write(level, fmt::format(format, std::forward<Args>(args)...));
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    line(Level::error, format, std::forward<Args>(args)...);
}

template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
    line(Level::warning, format, std::forward<Args>(args)...);
}

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    line(Level::info, format, std::forward<Args>(args)...);
}

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    line(Level::debug, format, std::forward<Args>(args)...);
}

}  // namespace crtool::log
