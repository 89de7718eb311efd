// See seccomp.h.
#include "dump/seccomp.h"

#include <algorithm>

#include "parasite/script.h"
#include "sys/seccomp_verdict.h"
#include "tracee/ptrace.h"

namespace crtool::dump {

uint32_t SeccompTable::id_of(std::span<const sock_filter> program, uint64_t flags) {
    std::string bytes(reinterpret_cast<const char*>(program.data()), program.size_bytes());
    auto [at, is_new] =
        ids_.try_emplace({bytes, flags}, static_cast<uint32_t>(filters_.size() + 1));
    if (is_new) {
        image::SeccompFilter& filter = filters_.emplace_back();
        filter.set_id(at->second);
        filter.set_program(std::move(bytes));
        filter.set_flags(static_cast<uint32_t>(flags));
        lets_leave_.push_back(std::ranges::all_of(parasite::kLeavingCalls, [&](int number) {
            return sys::seccomp_allows(program, number);
        }));
    }
    return at->second;
}

void SeccompTable::record_chain(pid_t tid, image::Thread& record) {
    for (unsigned index = 0;; index++) {
        uint64_t flags = 0;
        auto program = tracee::get_seccomp_filter(tid, index, &flags);
        if (!program)
            break;
        record.add_seccomp_filters(id_of(*program, flags));
    }
}

bool SeccompTable::lets_blob_leave(const image::Thread& record) const {
    constexpr uint32_t kStrict = 1;  // read, write, exit and rt_sigreturn only
    return record.seccomp_mode() != kStrict &&
           std::ranges::all_of(record.seccomp_filters(),
                               [&](uint32_t id) { return lets_leave_[id - 1]; });
}

}  // namespace crtool::dump
