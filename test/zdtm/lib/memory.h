// What tests of memory look at: patterns, the kernel's view of a page and of an area, and whether
// touching an address faults.
#pragma once

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>

#include <cstdio>
#include <cstring>

#include "zdtm.h"

namespace zdtm {

constexpr size_t kPage = 4096;

inline char* map_anon(size_t size, int flags = MAP_PRIVATE,
                      int protection = PROT_READ | PROT_WRITE) {
    return static_cast<char*>(
        CHECK_SYS(mmap(nullptr, size, protection, flags | MAP_ANONYMOUS, -1, 0)));
}

inline unsigned char pattern_at(size_t index, unsigned seed) {
    return static_cast<unsigned char>((index * 2654435761u + seed * 40503u) >> 7 | 1);
}

// Fills with bytes that are never zero and differ with the seed.
inline void fill(void* memory, size_t size, unsigned seed) {
    for (size_t i = 0; i < size; i++) {
        static_cast<unsigned char*>(memory)[i] = pattern_at(i, seed);
    }
}

inline bool holds(const void* memory, size_t size, unsigned seed) {
    for (size_t i = 0; i < size; i++) {
        if (static_cast<const unsigned char*>(memory)[i] != pattern_at(i, seed)) {
            return false;
        }
    }
    return true;
}

inline bool is_zero(const void* memory, size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(memory);
    return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

// The pagemap word of a page (Documentation/admin-guide/mm/pagemap.rst).
inline uint64_t pagemap(const void* address) {
    const int fd = CHECK_SYS(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
    uint64_t word = 0;
    const auto offset = static_cast<off_t>(reinterpret_cast<uintptr_t>(address) / kPage * 8);
    CHECK_EQ(pread(fd, &word, sizeof(word), offset), 8);
    close(fd);
    return word;
}

inline bool present(const void* address) {
    return (pagemap(address) >> 62) != 0;
}

inline uint64_t page_frame(const void* address) {
    return pagemap(address) & ((uint64_t{1} << 55) - 1);
}

// Of this many pages from the address on, those that are in memory or in swap.
inline size_t count_present(const void* address, size_t pages) {
    const int fd = CHECK_SYS(open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
    size_t found = 0;
    auto page = static_cast<off_t>(reinterpret_cast<uintptr_t>(address) / kPage);
    while (pages > 0) {
        uint64_t words[512];
        const size_t now = pages < 512 ? pages : 512;
        CHECK_EQ(pread(fd, words, now * 8, page * 8), now * 8);
        for (size_t i = 0; i < now; i++) {
            found += (words[i] >> 62) != 0;
        }
        pages -= now;
        page += static_cast<off_t>(now);
    }
    close(fd);
    return found;
}

// The smaps entry of the area that holds the address.
inline std::string smaps_of(const void* address) {
    const std::string text = read_file("/proc/self/smaps");
    const auto wanted = reinterpret_cast<uintptr_t>(address);
    std::string entry;
    size_t at = 0;
    while (at < text.size()) {
        const size_t end = text.find('\n', at);
        unsigned long from = 0;
        unsigned long to = 0;
        if (sscanf(text.c_str() + at, "%lx-%lx ", &from, &to) == 2) {
            if (!entry.empty()) {
                return entry;
            }
            if (from <= wanted && wanted < to) {
                entry = "found\n";
            }
        }
        if (!entry.empty()) {
            entry += text.substr(at, end + 1 - at);
        }
        at = end + 1;
    }
    return entry;
}

inline bool has_vm_flag(const void* address, const char* flag) {
    return (" " + field(smaps_of(address), "VmFlags") + " ").find(" " + std::string(flag) + " ") !=
           std::string::npos;
}

// MLOCK_ONFAULT: a kernel before 6.7 has no name for it.
inline bool locks_on_fault(const void* address) {
    return has_vm_flag(address, "lo") && (has_vm_flag(address, "lf") || has_vm_flag(address, "??"));
}

inline long status_kb(const char* key) {
    return atol(field(read_file("/proc/self/status"), key).c_str());
}

inline sigjmp_buf fault_jump;

inline void on_fault(int signal) {
    siglongjmp(fault_jump, signal);
}

// The signal that an access raises (SIGSEGV, SIGBUS), or 0 when it is allowed.
inline int fault_of(volatile char* address, bool write) {
    struct sigaction action = {};
    struct sigaction segv = {};
    struct sigaction bus = {};
    action.sa_handler = on_fault;
    sigaction(SIGSEGV, &action, &segv);
    sigaction(SIGBUS, &action, &bus);
    const int raised = sigsetjmp(fault_jump, 1);
    if (raised == 0) {
        const char value = *address;
        if (write) {
            *address = value;
        }
    }
    sigaction(SIGSEGV, &segv, nullptr);
    sigaction(SIGBUS, &bus, nullptr);
    return raised;
}

}  // namespace zdtm
