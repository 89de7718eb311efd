// What the parts of the blob call of each other. Freestanding: no libc, no data, no exceptions;
// functions return a result or -errno.
#pragma once

#include "parasite/script.h"

extern "C" {
// Entries, called by arch/*/blob/entry.S. Neither returns.
void blob_visit(crtool::parasite::Visit* visit);
// crtool is gone: closes what was opened for the first thread, and takes the arena away; home.
[[noreturn]] void blob_depart(crtool::parasite::Visit* visit);
void blob_restore(crtool::parasite::Script* script);
int64_t blob_clone3(crtool::parasite::CloneArgs* args, uint64_t size,
                    crtool::parasite::Script* script);
[[noreturn]] void blob_sigreturn(uint64_t frame);
[[noreturn]] void blob_leave(uint64_t lifeline, uint64_t syscall_ret, uint64_t number,
                             uint64_t arg0, uint64_t arg1);
}

namespace crtool::blob {

using parasite::Board;
using parasite::Op;
using parasite::Script;
using parasite::Segment;

// Runs all operations; the outcome is in script->report.
void run(Script* script);

// Page work (pages.cc).
int64_t find_zeros(const Segment* segments, uint64_t count, uint64_t* bitmap);
int64_t write_pages(int fd, const Segment* segments, uint64_t count, uint64_t offset,
                    uint64_t* digests, bool avx2);
int64_t load_pages(int fd, const Segment* segments, uint64_t count);

// XXH3-64 of scattered memory (digest_sse2.cc, digest_avx2.cc).
struct Chunk {
    const void* data;
    uint64_t size;
};

uint64_t digest_sse2(const Chunk* chunks, uint64_t count);
uint64_t digest_avx2(const Chunk* chunks, uint64_t count);

// The board (board.cc).
int64_t arrive(Board* board, uint32_t* word, uint32_t expected);
int64_t wait_for(Board* board, uint32_t* word, uint32_t wanted);
int64_t post(uint32_t* word, uint32_t value);
// Reports the first error of the restore and ends this task.
[[noreturn]] void give_up(Script* script);
[[noreturn]] void end_task(int code);
[[noreturn]] void park();

}  // namespace crtool::blob
