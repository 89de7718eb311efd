// Values as people read them, and tables: what the sections of `crtool show` are made of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crtool::cli {

// "4 KiB", "1.5 GiB".
std::string size_text(uint64_t bytes);
// "5 ms", "2.5 s"; "0 s".
std::string duration_text(uint64_t ns);
// "disarmed", "in 5 ms", "in 5 ms, then every 1 s": what is left of a timer, and its period.
std::string interval_text(uint64_t left_ns, uint64_t period_ns);
// Control characters and quotes escaped, so that a name cannot play tricks on a terminal.
std::string printable(std::string_view text);
// "INT", "RTMIN+2".
std::string signal_name(uint32_t signal);
// "INT TERM", of a kernel signal mask (bit 0 is signal 1); "none".
std::string signal_set(uint64_t mask);
// "all", "none", "chown kill", "all but sys_admin".
std::string capability_set(uint64_t set);
// "rwx" or "r--".
std::string protection(uint32_t prot);
// "exit 7", "killed by SEGV, core dumped": a status as wait4(2) gives it.
std::string wait_status_text(uint32_t status);
// One line under a task: "    users         text".
void add_line(std::string& out, std::string_view label, std::string_view text);

// Rows of columns that line up. A column is as wide as its widest cell; the last is not filled up.
class Table {
  public:
    enum class Align : uint8_t { left, right };

    struct Column {
        std::string_view title;
        Align align = Align::left;
    };

    Table(std::string indent, std::vector<Column> columns);

    void add(std::vector<std::string> row);

    // Title and rows, a line each; nothing when there are no rows.
    void print(std::string& out) const;

  private:
    std::string indent_;
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace crtool::cli
