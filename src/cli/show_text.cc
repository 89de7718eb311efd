// See show_text.h.
#include "cli/show_text.h"

#include <fmt/format.h>
#include <string.h>
#include <time.h>

#include <algorithm>
#include <array>

namespace crtool::cli {
namespace {

constexpr std::array<std::string_view, 41> kCapabilities = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
};
constexpr uint64_t kAllCapabilities = (uint64_t{1} << kCapabilities.size()) - 1;

// Cells of a terminal, as far as code points tell.
size_t width(std::string_view text) {
    return static_cast<size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// At most one digit after the point, and none that says nothing.
std::string number(double value) {
    std::string text = fmt::format("{:.1f}", value);
    return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text;
}

std::string names_of(uint64_t set) {
    std::string text;
    for (size_t i = 0; i < 64; ++i) {
        if ((set >> i & 1) == 0)
            continue;
        if (!text.empty())
            text += ' ';
        text += i < kCapabilities.size() ? std::string(kCapabilities[i]) : fmt::format("{}", i);
    }
    return text;
}

}  // namespace

std::string size_text(uint64_t bytes) {
    constexpr std::array kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    return fmt::format("{} {}", number(value), kUnits[unit]);
}

std::string duration_text(uint64_t ns) {
    if (ns == 0)
        return "0 s";
    auto value = static_cast<double>(ns);
    for (const char* unit : {"ns", "us", "ms"}) {
        if (value < 1000)
            return fmt::format("{} {}", number(value), unit);
        value /= 1000;
    }
    return fmt::format("{} s", number(value));
}

std::string interval_text(uint64_t left_ns, uint64_t period_ns) {
    if (left_ns == 0)
        return "disarmed";
    std::string text = "in " + duration_text(left_ns);
    return period_ns == 0 ? text : text + ", then every " + duration_text(period_ns);
}

std::string printable(std::string_view text) {
    std::string safe;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7f)
            safe += fmt::format("\\x{:02x}", byte);
        else if (c == '\\')
            safe += "\\\\";
        else
            safe += c;
    }
    return safe;
}

std::string signal_name(uint32_t signal) {
    constexpr uint32_t kRtMin = 34;  // 32 and 33 are libc's own
    if (signal >= kRtMin && signal <= 64)
        return signal == kRtMin ? "RTMIN" : fmt::format("RTMIN+{}", signal - kRtMin);
    const char* name = signal < kRtMin ? ::sigabbrev_np(static_cast<int>(signal)) : nullptr;
    return name != nullptr ? name : fmt::format("{}", signal);
}

std::string signal_set(uint64_t mask) {
    if (mask == ~uint64_t{0})
        return "all";
    std::string text;
    for (uint32_t signal = 1; signal <= 64; ++signal) {
        if ((mask >> (signal - 1) & 1) != 0)
            text += (text.empty() ? "" : " ") + signal_name(signal);
    }
    return text.empty() ? "none" : text;
}

std::string capability_set(uint64_t set) {
    if (set == 0)
        return "none";
    uint64_t missing = kAllCapabilities & ~set;
    if (missing == 0)
        return "all";
    if (__builtin_popcountll(missing) < __builtin_popcountll(set))
        return "all but " + names_of(missing);
    return names_of(set);
}

std::string protection(uint32_t prot) {
    return {(prot & 1) != 0 ? 'r' : '-', (prot & 2) != 0 ? 'w' : '-', (prot & 4) != 0 ? 'x' : '-'};
}

std::string wait_status_text(uint32_t status) {
    uint32_t signal = status & 0x7f;
    if (signal == 0)
        return fmt::format("exit {}", status >> 8);
    return fmt::format("killed by {}{}", signal_name(signal),
                       (status & 0x80) != 0 ? ", core dumped" : "");
}

void add_line(std::string& out, std::string_view label, std::string_view text) {
    out += fmt::format("  {:<13} {}\n", label, text);
}

Table::Table(std::string indent, std::vector<Column> columns)
    : indent_(std::move(indent)), columns_(std::move(columns)) {}

void Table::add(std::vector<std::string> row) {
    rows_.push_back(std::move(row));
}

void Table::print(std::string& out) const {
    if (rows_.empty())
        return;
    std::vector<std::string> titles;
    std::vector<size_t> widths;
    for (const Column& column : columns_) {
        titles.emplace_back(column.title);
        widths.push_back(width(column.title));
    }
    for (const auto& row : rows_) {
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], width(row[i]));
    }
    auto print_row = [&](const std::vector<std::string>& row) {
        out += indent_;
        for (size_t i = 0; i < row.size(); ++i) {
            std::string fill(widths[i] - width(row[i]), ' ');
            bool right = columns_[i].align == Align::right;
            out += right ? fill + row[i] : row[i];
            if (i + 1 < row.size())
                out += (right ? "" : fill) + "  ";
        }
        while (out.back() == ' ')
            out.pop_back();
        out += '\n';
    };
    print_row(titles);
    for (const auto& row : rows_)
        print_row(row);
}

}  // namespace crtool::cli
