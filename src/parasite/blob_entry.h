// Where the blob (kBlob of the generated parasite/blob_bytes.h) is entered: byte offsets from its
// start, as arch/x86_64/blob/entry.S lays them out.
#pragma once

#include <cstdint>

namespace crtool::parasite {

inline constexpr uint64_t kVisitEntry = 0;     // rdi = Visit*
inline constexpr uint64_t kRestoreEntry = 16;  // rdi = Script*
inline constexpr uint64_t kCallEntry = 32;     // a call's registers; rbx = Visit*, r12 = word
inline constexpr uint64_t kHomeEntry = 48;     // rbx = Visit*

}  // namespace crtool::parasite
