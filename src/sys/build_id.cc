// See build_id.h. Everything in the file is input from outside: each size is checked before use.
#include "sys/build_id.h"

#include <elf.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

namespace crtool::sys {
namespace {

constexpr uint64_t kMaxNotes = 64 * 1024;
constexpr uint64_t kMaxSegments = 128;
constexpr uint32_t kMaxId = 64;

// A file of which the beginning, where linkers put all that is asked for here, is read at once.
class Source {
  public:
    explicit Source(int fd) : fd_(fd), size_(::pread(fd, start_, sizeof start_, 0)) {}

    template <typename T>
    bool read_at(uint64_t offset, T* out, uint64_t count) const {
        uint64_t bytes = count * sizeof(T);
        if (offset <= sizeof start_ && size_ >= static_cast<ssize_t>(offset + bytes)) {
            memcpy(out, start_ + offset, bytes);
            return true;
        }
        return ::pread(fd_, out, bytes, static_cast<off_t>(offset)) == static_cast<ssize_t>(bytes);
    }

  private:
    int fd_;
    char start_[2048];
    ssize_t size_;
};

std::string find_in_notes(const std::vector<char>& notes) {
    auto padded = [](uint64_t size) { return (size + 3) & ~uint64_t{3}; };
    for (uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= notes.size();) {
        Elf64_Nhdr note;
        memcpy(&note, notes.data() + at, sizeof(note));
        uint64_t name = at + sizeof(note);
        uint64_t id = name + padded(note.n_namesz);
        uint64_t next = id + padded(note.n_descsz);
        if (next > notes.size())
            break;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz <= kMaxId &&
            memcmp(notes.data() + name, "GNU", 4) == 0)
            return {notes.data() + id, note.n_descsz};
        at = next;
    }
    return {};
}

}  // namespace

std::string read_build_id(int fd) {
    Source file(fd);
    Elf64_Ehdr head;
    if (!file.read_at(0, &head, 1) || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_phentsize != sizeof(Elf64_Phdr))
        return {};
    std::vector<Elf64_Phdr> segments(std::min<uint64_t>(head.e_phnum, kMaxSegments));
    if (!file.read_at(head.e_phoff, segments.data(), segments.size()))
        return {};
    for (const Elf64_Phdr& segment : segments) {
        if (segment.p_type != PT_NOTE || segment.p_filesz > kMaxNotes)
            continue;
        std::vector<char> notes(segment.p_filesz);
        if (!file.read_at(segment.p_offset, notes.data(), notes.size()))
            continue;
        std::string id = find_in_notes(notes);
        if (!id.empty())
            return id;
    }
    return {};
}

}  // namespace crtool::sys
