// The interface of a kind of open file on the restore side. One file per kind, named like it; what
// the object is and how it is made again stands in proto/<kind>.proto.
#pragma once

#include <cstdint>
#include <string>

#include "image/kinds.h"
#include "parasite/script_builder.h"
#include "restore/files.h"
#include "sys/fd.h"

namespace crtool::restore {

struct FileBuild {
    const Files& files;
    parasite::ScriptBuilder& script;
};

struct RestoreKind {
    image::Kind kind;
    const char* name;  // for messages
    // Emits the operation that makes the open file; its result is the descriptor. `end`: for a pipe
    // that is opened once more, a descriptor of it, else −1. A reference: no kind goes without it.
    parasite::Ref (&make)(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                          int end);
    // Emits what the making could not give, on descriptor `fd`; nullptr: nothing.
    void (*fill)(const FileBuild& build, const image::OpenFile& file, int fd) = nullptr;
    // Makes the open file in the coordinator, for `make` to take by take_made(); an invalid
    // descriptor when this one is not made there. nullptr: none of the kind is. `service`: what the
    // coordinator holds by then; contents are there.
    sys::UniqueFd (*make_here)(const image::OpenFile& file, const ServiceFds& service) = nullptr;
    // Completes it there, when every file of the tree is open and no task runs.
    void (*finish_here)(const image::OpenFile& file, int fd) = nullptr;
};

// Takes the open file that the coordinator holds as descriptor `number`.
parasite::Ref take_held(const FileBuild& build, int number, bool cloexec);
// Where it can be opened again.
std::string held_path(const FileBuild& build, int number);
// Takes the open file that the coordinator has made.
parasite::Ref take_made(const FileBuild& build, const image::OpenFile& file, bool cloexec,
                        int end = -1);

// openat(2) of a path, with the flags of `file` that an open can give. By descriptor: the path is a
// link in /proc, where O_NOFOLLOW would not work.
enum class By : uint8_t { name, descriptor };
parasite::Ref open_path(const FileBuild& build, const std::string& path, By by,
                        const image::OpenFile& file, bool cloexec);
std::string descriptor_path(int fd);

// Made by open(2) with O_TMPFILE, as its flags still tell.
bool was_never_named(const image::OpenFile& file);

// F_SETFL of the status flags, when there are any. Signal-driven I/O comes last of all
// (emit_async).
void set_status(const FileBuild& build, const image::OpenFile& file, int fd);
// The same flags, for fcntl(2).
uint32_t status_flags(const image::OpenFile& file);
// lseek(2), when the position is not 0.
void set_position(const FileBuild& build, const image::OpenFile& file, int fd);

}  // namespace crtool::restore
