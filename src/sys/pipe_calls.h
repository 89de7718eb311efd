// Questions to pipes, and their content without taking it.
#pragma once

#include <cstdint>
#include <span>

#include "sys/fd.h"
#include "sys/file_make.h"

namespace crtool::sys {

// Close-on-exec and non-blocking.
PipeEnds make_scratch_pipe();
// F_GETPIPE_SZ and F_SETPIPE_SZ, bytes.
uint32_t pipe_size(int fd);
void set_pipe_size(int fd, uint32_t bytes);
// FIONREAD: bytes that can be read.
uint32_t pipe_bytes(int fd);
// True when nobody has the other end open any more: no writer for a read end (POLLHUP), no reader
// for a write end (POLLERR).
bool pipe_is_alone(int fd);
// tee(2) of everything in the pipe of read end `from` into the empty pipe of `to`, which must have
// as many buffers; bytes copied.
uint32_t pipe_copy(int from, int to);
// One read(2) of a non-blocking descriptor; bytes read, 0 when empty. In packet mode it is at most
// one packet.
uint32_t pipe_take(int fd, std::span<char> buffer);

}  // namespace crtool::sys
