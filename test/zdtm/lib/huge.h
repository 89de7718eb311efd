// Huge pages of the kernel's pool (hugetlb), which a machine may have none of.
#pragma once

#include "memory.h"

namespace zdtm {

constexpr size_t kHuge = size_t{2} << 20;

// Skips the test where the kernel gives none.
inline char* map_huge(size_t pages, int flags, int fd = -1) {
    if (fd < 0) {
        flags |= MAP_ANONYMOUS | MAP_HUGETLB;
    }
    void* memory = mmap(nullptr, pages * kHuge, PROT_READ | PROT_WRITE, flags, fd, 0);
    if (memory == MAP_FAILED) {
        skip("this kernel gives no huge pages");
    }
    return static_cast<char*>(memory);
}

inline void check_huge(const void* memory) {
    CHECK(has_vm_flag(memory, "ht"));
    CHECK_EQ(field(smaps_of(memory), "KernelPageSize"), "2048 kB");
}

}  // namespace zdtm
