// See seccomp.h.
#include "dump/seccomp.h"

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
    for (unsigned index = 0;; index++) {
        uint64_t flags = 0;
        auto program = tracee::get_seccomp_filter(tid, index, &flags);
        if (!program)
            break;
        std::string bytes(reinterpret_cast<const char*>(program->data()),
                          program->size() * sizeof(sock_filter));
        record.add_seccomp_filters(id_of(bytes, flags));
    }
}

}  // namespace crtool::dump
