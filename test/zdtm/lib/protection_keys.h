// What tests of protection keys look at: the key of an area, which are allocated, what the kernel
// may read on behalf of a thread. No fault is provoked: a handler of signals starts with rights of
// its own, and leaving it by a jump would keep them.
#pragma once

#include <linux/futex.h>
#include <sys/syscall.h>

#include <vector>

#include "memory.h"

namespace zdtm {

inline int key_of(const void* address) {
    return atoi(field(smaps_of(address), "ProtectionKey").c_str());
}

// One page with a pattern of its own, under this key.
inline char* page_under(int key, unsigned seed, int protection = PROT_READ | PROT_WRITE) {
    char* page = map_anon(kPage);
    fill(page, kPage, seed);
    CHECK_SYS(pkey_mprotect(page, kPage, protection, key));
    return page;
}

inline bool is_readable(const char* address) {
    const timespec at_once = {};
    const long result = syscall(SYS_futex, address, FUTEX_WAIT_PRIVATE, 0, &at_once, nullptr, 0);
    CHECK_EQ(result, -1);
    return errno != EFAULT;
}

// The keys that pkey_alloc gives, one after the other; all are free again afterwards.
inline std::vector<int> free_keys() {
    std::vector<int> keys;
    for (int key = pkey_alloc(0, 0); key != -1; key = pkey_alloc(0, 0)) {
        keys.push_back(key);
    }
    CHECK_EQ(errno, ENOSPC);
    for (const int key : keys) {
        CHECK_SYS(pkey_free(key));
    }
    return keys;
}

}  // namespace zdtm
