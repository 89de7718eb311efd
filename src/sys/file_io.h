// Reading and writing files at places, and what else is done to files of an image directory. Errors
// are thrown; offsets are bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace crtool::sys {

// Size of a regular file; throws bad_image when it is something else (a FIFO would block).
uint64_t regular_file_size(int fd, const std::string& path);
// Reads until `into` is full or the file ends; returns the bytes read.
size_t read_at(int fd, std::span<std::byte> into, uint64_t offset);
// Throws when the file ends before `into` is full.
void read_exactly(int fd, std::span<std::byte> into, uint64_t offset);
void write_at(int fd, std::span<const std::byte> data, uint64_t offset);

bool exists_at(int dir, const std::string& name);
// A missing file is fine.
void remove_at(int dir, const std::string& name);
// renameat(2).
void rename_at(int from_dir, const std::string& from, int to_dir, const std::string& to);
void sync_to_disk(int fd);

// flock(2), exclusive, until `fd` is closed. False when somebody else has it; true also on file
// systems that have no such locks.
bool try_lock(int fd);

// The next offset >= `offset` that holds data, `offset` itself where the file cannot tell; nullopt
// when only a hole follows. Moves the position of the open file.
std::optional<uint64_t> next_data(int fd, uint64_t offset);
// The next offset >= `offset` that is a hole (the end of the file is one), or UINT64_MAX where the
// file cannot tell. Moves the position of the open file.
uint64_t next_hole(int fd, uint64_t offset);

void fill_random(std::span<uint8_t> into);

}  // namespace crtool::sys
