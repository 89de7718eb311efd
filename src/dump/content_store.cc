// See content_store.h.
#include "dump/content_store.h"

#include <fcntl.h>

#include "base/error.h"
#include "base/fault.h"
#include "image/host_page_writer.h"
#include "sys/proc_dir.h"

namespace crtool::dump {

uint32_t ContentStore::id_of(const struct stat& st, pid_t task, std::string name) {
    auto [at, is_new] = ids_.try_emplace({st.st_dev, st.st_ino});
    if (is_new)
        at->second = add(st, task, std::move(name));
    return at->second;
}

uint32_t ContentStore::add(const struct stat& st, pid_t task, std::string name) {
    auto id = static_cast<uint32_t>(sources_.size()) + 1;
    sources_.push_back({id, static_cast<uint64_t>(st.st_size), task, std::move(name)});
    return id;
}

void ContentStore::save(image::Writer& writer, image::PageWriter& pages) const {
    image::HostPageWriter copier(pages);
    for (const Source& source : sources_) {
        fault::point("copy the content of a file without a name");
        ErrorContext context("task", source.task);
        if (source.size == 0) {
            image::Content empty;
            empty.set_id(source.id);
            writer.add(empty);
            continue;
        }
        sys::UniqueFd fd = sys::ProcDir(source.task).open(source.name, O_RDONLY | O_NONBLOCK);
        writer.add(copier.content(source.id, fd.get(), source.size));
    }
}

}  // namespace crtool::dump
