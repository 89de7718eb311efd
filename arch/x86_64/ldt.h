// Local descriptor tables: what modify_ldt(2) reads is not what it takes.
//
// Reading gives descriptors as the CPU has them, 8 bytes each; writing takes a struct user_desc,
// out of which the kernel makes one (fill_ldt in arch/x86/include/asm/desc.h). Everything that user
// space can choose goes both ways.
#pragma once

#include <asm/ldt.h>

#include <string_view>
#include <vector>

namespace crtool::arch {

inline constexpr size_t kLdtBytes = LDT_ENTRIES * LDT_ENTRY_SIZE;

// Without the empty descriptors at the end; one always stays, since a table is there.
std::string_view trimmed_ldt(std::string_view descriptors);

// What modify_ldt(2) must be told, in order, to make this table in a task that has none.
std::vector<user_desc> ldt_entries(std::string_view descriptors);

}  // namespace crtool::arch
