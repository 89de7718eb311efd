// See seccomp.h.
#include "dump/seccomp.h"

#include <ranges>

#include "tracee/ptrace.h"

namespace crtool::dump {

uint32_t SeccompTable::id_of(const std::string& program, uint64_t flags) {
    auto [at, is_new] =
        ids_.try_emplace({program, flags}, static_cast<uint32_t>(filters_.size() + 1));
    if (is_new) {
        image::SeccompFilter& filter = filters_.emplace_back();
        filter.set_id(at->second);
        filter.set_program(program);
        filter.set_flags(static_cast<uint32_t>(flags));
    }
    return at->second;
}

void SeccompTable::record_chain(pid_t tid, image::Thread& record) {
    std::vector<uint32_t> newest_first;
    for (unsigned index = 0;; index++) {
        uint64_t flags = 0;
        auto program = tracee::get_seccomp_filter(tid, index, &flags);
        if (!program)
            break;
        std::string bytes(reinterpret_cast<const char*>(program->data()),
                          program->size() * sizeof(sock_filter));
        newest_first.push_back(id_of(bytes, flags));
    }
    for (uint32_t id : std::views::reverse(newest_first))
        record.add_seccomp_filters(id);
}

}  // namespace crtool::dump
