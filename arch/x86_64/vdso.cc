// See vdso.h. Everything in an image is input from outside: each offset is checked before use.
#include "arch/x86_64/vdso.h"

#include <elf.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <unordered_map>

#include "base/error.h"

namespace crtool::arch {
namespace {

constexpr std::string_view kPrefix = "__vdso_";
constexpr size_t kJumpBytes = 5;         // jmp rel32
constexpr size_t kSpringboardSlot = 32;  // no springboard is longer
constexpr uint64_t kMaxNotes = 65536;

template <typename T>
std::optional<T> at(std::string_view image, uint64_t offset) {
    if (offset > image.size() || image.size() - offset < sizeof(T))
        return std::nullopt;
    T value;
    std::memcpy(&value, image.data() + offset, sizeof value);
    return value;
}

std::optional<Elf64_Ehdr> head_of(std::string_view image) {
    auto head = at<Elf64_Ehdr>(image, 0);
    if (!head || std::memcmp(head->e_ident, ELFMAG, SELFMAG) != 0 ||
        head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_phentsize != sizeof(Elf64_Phdr))
        return std::nullopt;
    return head;
}

// Calls act(segment) for each program header; false: they are not all there.
template <typename Act>
bool for_segments(std::string_view image, Act act) {
    auto head = head_of(image);
    if (!head)
        return false;
    for (uint64_t i = 0; i < head->e_phnum; i++) {
        auto segment = at<Elf64_Phdr>(image, head->e_phoff + i * sizeof(Elf64_Phdr));
        if (!segment)
            return false;
        act(*segment);
    }
    return true;
}

std::string_view part(std::string_view image, uint64_t offset, uint64_t size) {
    if (offset > image.size() || image.size() - offset < size)
        return {};
    return image.substr(offset, size);
}

// Where the dynamic section says that tables are. A vdso is linked to address 0.
struct Tables {
    uint64_t symbols = 0;
    uint64_t names = 0;
    uint64_t names_size = 0;
    uint64_t hash = 0;
};

Tables tables_of(std::string_view image) {
    Tables tables;
    for_segments(image, [&](const Elf64_Phdr& segment) {
        if (segment.p_type != PT_DYNAMIC)
            return;
        for (uint64_t offset = 0; offset + sizeof(Elf64_Dyn) <= segment.p_filesz;
             offset += sizeof(Elf64_Dyn)) {
            auto entry = at<Elf64_Dyn>(image, segment.p_offset + offset);
            if (!entry || entry->d_tag == DT_NULL)
                return;
            switch (entry->d_tag) {
                case DT_SYMTAB:
                    tables.symbols = entry->d_un.d_ptr;
                    break;
                case DT_STRTAB:
                    tables.names = entry->d_un.d_ptr;
                    break;
                case DT_STRSZ:
                    tables.names_size = entry->d_un.d_val;
                    break;
                case DT_HASH:
                    tables.hash = entry->d_un.d_ptr;
                    break;
                default:
                    break;
            }
        }
    });
    return tables;
}

// The table of symbols has no length of its own. It ends where that of the names begins (they are
// laid out one after the other); DT_HASH, which tells the number, is absent from some kernels.
uint64_t symbol_count(std::string_view image, const Tables& tables) {
    if (tables.hash != 0)
        if (auto count = at<uint32_t>(image, tables.hash + sizeof(uint32_t)))
            return *count;
    return tables.names > tables.symbols ? (tables.names - tables.symbols) / sizeof(Elf64_Sym) : 0;
}

std::string build_id(std::string_view image) {
    std::string found;
    for_segments(image, [&](const Elf64_Phdr& segment) {
        if (segment.p_type != PT_NOTE || segment.p_filesz > kMaxNotes)
            return;
        std::string_view notes = part(image, segment.p_offset, segment.p_filesz);
        auto padded = [](uint64_t size) { return (size + 3) & ~uint64_t{3}; };
        for (uint64_t offset = 0; auto note = at<Elf64_Nhdr>(notes, offset);) {
            uint64_t name = offset + sizeof *note;
            uint64_t id = name + padded(note->n_namesz);
            if (note->n_type == NT_GNU_BUILD_ID &&
                part(notes, name, 4) == std::string_view("GNU\0", 4))
                found = part(notes, id, note->n_descsz);
            offset = id + padded(note->n_descsz);
        }
    });
    return found;
}

void append(std::string& code, std::string_view bytes) {
    code += bytes;
}

template <typename T>
void append_number(std::string& code, T value) {
    code.append(reinterpret_cast<const char*>(&value), sizeof value);
}

// jmp *0(%rip), and the address: no register is changed.
std::string jump_to(uint64_t address) {
    std::string code;
    append(code, std::string_view("\xff\x25\0\0\0\0", 6));
    append_number(code, address);
    return code;
}

// At most three arguments, which a function and a system call have in the same registers.
std::string system_call(uint32_t number) {
    std::string code;
    append(code, "\xb8");  // mov $number, %eax
    append_number(code, number);
    append(code, "\x0f\x05\xc3");  // syscall; ret
    return code;
}

std::string no_such_function() {
    return std::string("\x48\xc7\xc0\xda\xff\xff\xff\xc3");  // mov $-ENOSYS, %rax; ret
}

// With a size of -1 as its fifth argument getrandom() is asked how its state looks.
std::string random_call() {
    std::string call = system_call(SYS_getrandom);
    std::string code;
    append(code, "\x49\x83\xf8\xff\x74");  // cmp $-1, %r8; je behind the call
    append_number(code, static_cast<uint8_t>(call.size()));
    return code + call + no_such_function();
}

// What does the work of a function that the running kernel's vdso has not; empty: nothing can.
std::string substitute(std::string_view name) {
    if (name == "__vdso_clock_gettime")
        return system_call(SYS_clock_gettime);
    if (name == "__vdso_clock_getres")
        return system_call(SYS_clock_getres);
    if (name == "__vdso_gettimeofday")
        return system_call(SYS_gettimeofday);
    if (name == "__vdso_time")
        return system_call(SYS_time);
    if (name == "__vdso_getcpu")
        return system_call(SYS_getcpu);
    if (name == "__vdso_getrandom")
        return random_call();
    // An enclave does not outlive its kernel.
    if (name == "__vdso_sgx_enter_enclave")
        return no_such_function();
    return {};
}

}  // namespace

std::vector<VdsoFunction> vdso_functions(std::string_view image) {
    std::vector<VdsoFunction> functions;
    Tables tables = tables_of(image);
    std::string_view names = part(image, tables.names, tables.names_size);
    uint64_t count = std::min<uint64_t>(symbol_count(image, tables), image.size());
    for (uint64_t i = 0; i < count; i++) {
        auto symbol = at<Elf64_Sym>(image, tables.symbols + i * sizeof(Elf64_Sym));
        if (!symbol || symbol->st_name >= names.size())
            break;
        std::string_view name = names.substr(symbol->st_name);
        name = name.substr(0, name.find('\0'));
        bool whole = symbol->st_size >= kJumpBytes && symbol->st_size <= image.size() &&
                     symbol->st_value <= image.size() - symbol->st_size;
        if (ELF64_ST_TYPE(symbol->st_info) == STT_FUNC && name.starts_with(kPrefix) && whole)
            functions.push_back({std::string(name), symbol->st_value});
    }
    return functions;
}

bool same_vdso(std::string_view a, std::string_view b) {
    if (a.size() != b.size())
        return false;
    std::string id = build_id(a);
    return id.empty() ? a == b : id == build_id(b);
}

std::string redirected_vdso(std::string_view saved, uint64_t address, std::string_view other,
                            uint64_t other_address) {
    std::unordered_map<std::string, uint64_t> there;
    for (const VdsoFunction& function : vdso_functions(other))
        there.emplace(function.name, other_address + function.offset);
    std::vector<VdsoFunction> functions = vdso_functions(saved);
    if (functions.empty() || functions.size() > kSpringboardBytes / kSpringboardSlot)
        fail(Errc::bad_image, "the vdso at {:#x} is not one that crtool understands", address);
    std::string block(kSpringboardBytes, '\xcc');  // int3
    block += saved;
    for (size_t i = 0; i < functions.size(); i++) {
        const VdsoFunction& function = functions[i];
        auto target = there.find(function.name);
        std::string code =
            target != there.end() ? jump_to(target->second) : substitute(function.name);
        if (code.empty())
            fail(
                Errc::unsupported,
                "the kernel of the dump has a vdso function {}, which this kernel has not; restore "
                "under a kernel that has it",
                function.name);
        std::ranges::copy(code, block.begin() + static_cast<std::ptrdiff_t>(i * kSpringboardSlot));
        uint64_t entry = kSpringboardBytes + function.offset;
        auto distance = static_cast<int32_t>(static_cast<int64_t>(i * kSpringboardSlot) -
                                             static_cast<int64_t>(entry + kJumpBytes));
        block[entry] = '\xe9';
        std::memcpy(block.data() + entry + 1, &distance, sizeof distance);
    }
    return block;
}

}  // namespace crtool::arch
