// See ipc_settings.h.
#include "sys/ipc_settings.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "sys/fd.h"
#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

std::string path_of(const IpcSetting& setting) {
    return fmt::format("/proc/sys/{}", setting.name);
}

}  // namespace

std::optional<std::vector<uint64_t>> read_ipc_setting(const IpcSetting& setting) {
    std::optional<std::string> text = try_read_file_at(AT_FDCWD, path_of(setting));
    if (!text)
        return std::nullopt;
    TextScanner scanner(*text, setting.name);
    std::vector<uint64_t> values;
    for (size_t i = 0; i < setting.values; i++) {
        scanner.skip_blanks();
        values.push_back(scanner.dec());
    }
    return values;
}

void write_ipc_setting(const IpcSetting& setting, std::span<const uint64_t> values) {
    ErrorContext context(setting.name);
    write_all(open_at(AT_FDCWD, path_of(setting), O_WRONLY).get(),
              fmt::format("{}", fmt::join(values, " ")));
}

}  // namespace crtool::sys
