// `crtool show`: where and when the image was made, and how much it is.
#include <fmt/format.h>

#include "base/text.h"
#include "cli/show_sections.h"
#include "cli/show_text.h"
#include "image/format.h"

namespace crtool::cli {
namespace {

template <typename Map, typename Records>
void index_by_id(Map& map, const Records& records) {
    for (const auto& record : records)
        map.emplace(record.id(), &record);
}

void show_cpu(const image::Cpu& cpu, std::string& out) {
    std::string features;
    for (const std::string& feature : cpu.features())
        features += (features.empty() ? "" : " ") + printable(feature);
    add_line(out, "cpu",
             fmt::format("{}, xcr0 {:#x}, {} of extended registers", printable(cpu.vendor()),
                         cpu.xcr0(), size_text(cpu.xsave_size())));
    add_line(out, "features", features.empty() ? "none" : features);
}

}  // namespace

ShowView::ShowView(const image::Image& image, bool everything)
    : image_(image), everything_(everything) {
    index_by_id(files_, image.files);
    index_by_id(pipes_, image.pipes);
    index_by_id(contents_, image.contents);
    for (const image::PageIndex& index : image.page_indexes)
        page_indexes_.emplace(index.pid(), &index);
}

void show_summary(const ShowView& view, std::string& out) {
    const image::Inventory& inventory = view.image().inventory;
    uint64_t records = 0;
    uint64_t pages = 0;
    for (const image::FileDigest& file : inventory.files())
        (file.name() == image::kPagesName ? pages : records) += file.size();
    out += fmt::format("Image of {} task{}, {} thread{}, root {}\n", inventory.tasks(),
                       inventory.tasks() == 1 ? "" : "s", inventory.threads(),
                       inventory.threads() == 1 ? "" : "s", inventory.root_pid());
    add_line(out, "dumped",
             fmt::format("{} by crtool {}", time_text(inventory.dumped_at_ns()),
                         printable(inventory.crtool_version())));
    add_line(out, "on",
             fmt::format("Linux {} {}", printable(inventory.kernel_release()),
                         printable(inventory.machine())));
    add_line(out, "size",
             fmt::format("{} of pages, {} of records", size_text(pages), size_text(records)));
    if (inventory.shell_job())
        add_line(out, "shell job", "the root is in a session from outside");
    if (!view.image().ipc_namespaces.empty())
        add_line(out, "namespace", "the tree has an IPC namespace of its own");
    if (view.everything()) {
        add_line(out, "format", fmt::format("{}", inventory.format()));
        add_line(out, "image id", hex_text(inventory.image_id()));
        add_line(out, "clocks",
                 fmt::format("monotonic {}, boot {}", duration_text(inventory.monotonic_ns()),
                             duration_text(inventory.boottime_ns())));
        show_cpu(inventory.cpu(), out);
    }
    out += '\n';
}

}  // namespace crtool::cli
