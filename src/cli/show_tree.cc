// `crtool show`: all tasks as a tree, a line each.
#include <fmt/format.h>

#include <unordered_map>
#include <utility>
#include <vector>

#include "cli/show_sections.h"
#include "cli/show_text.h"
#include "image/format.h"

namespace crtool::cli {
namespace {

using image::Task;

struct Line {
    const Task* task;
    std::string branch;  // what is drawn before the name
};

// Who has whom; 0 has those whose parent is not in the image.
struct Family {
    std::unordered_map<uint32_t, std::vector<const Task*>> children;
    std::unordered_map<uint32_t, const Task*> known;
};

Family family_of(const image::Image& image) {
    Family family;
    for (const Task& task : image.tasks) {
        // A parent stands before its children, so nothing can be its own ancestor.
        uint32_t parent = family.known.contains(task.ppid()) ? task.ppid() : 0;
        family.children[parent].push_back(&task);
        family.known.emplace(task.pid(), &task);
    }
    return family;
}

// Tasks by parent, depth first.
std::vector<Line> lines_of(const image::Image& image) {
    Family family = family_of(image);

    struct Open {
        const Task* task;
        std::string before;  // of the lines under it
        bool last;
        bool root;
    };

    std::vector<Open> stack;
    auto push_children = [&](uint32_t pid, const std::string& before) {
        const auto& list = family.children[pid];
        for (size_t i = list.size(); i-- > 0;)
            stack.push_back({list[i], before, i + 1 == list.size(), pid == 0});
    };
    std::vector<Line> lines;
    push_children(0, "");
    while (!stack.empty()) {
        Open open = std::move(stack.back());
        stack.pop_back();
        lines.push_back({open.task, open.root ? "" : open.before + (open.last ? "└─ " : "├─ ")});
        if (open.task->pid() != 0 && family.known[open.task->pid()] == open.task)
            push_children(open.task->pid(),
                          open.root ? "" : open.before + (open.last ? "   " : "│  "));
    }
    return lines;
}

uint64_t mapped_bytes(const Task& task) {
    uint64_t sum = 0;
    for (const image::Area& area : task.mm().areas())
        sum += area.end() - area.start();
    return sum;
}

}  // namespace

std::string state_of(const Task& task) {
    switch (task.state()) {
        case Task::RUNNING:
            return task.leader_exited() ? "running, leader gone" : "running";
        case Task::STOPPED:
            return "stopped by " + signal_name(task.stop_signal());
        case Task::ZOMBIE:
            return "zombie, " + wait_status_text(task.wait_status());
        default:
            return fmt::format("state {}", static_cast<int>(task.state()));
    }
}

void show_tree(const ShowView& view, std::string& out) {
    using enum Table::Align;
    out += "Tree\n";
    Table table("  ", {{"PID", right},
                       {"GROUP", right},
                       {"SESSION", right},
                       {"THREADS", right},
                       {"FDS", right},
                       {"MAPPED", right},
                       {"STORED", right},
                       {"STATE"},
                       {"NAME"}});
    for (const Line& line : lines_of(view.image())) {
        const Task& task = *line.task;
        uint64_t stored = pages_within(view.pages_of(task.pid()), image::PageRun::STORED, 0, ~0ULL);
        bool alive = task.state() != Task::ZOMBIE;
        table.add({fmt::format("{}", task.pid()), fmt::format("{}", task.pgid()),
                   fmt::format("{}", task.sid()), fmt::format("{}", task.threads_size()),
                   alive ? fmt::format("{}", task.fds_size()) : "-",
                   task.has_mm() ? size_text(mapped_bytes(task)) : "-",
                   task.has_mm() ? size_text(stored * image::kPageSize) : "-", state_of(task),
                   line.branch + printable(task.comm())});
    }
    table.print(out);
    out += '\n';
}

}  // namespace crtool::cli
