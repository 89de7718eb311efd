// Who opens which open file, under which numbers, and how the others get it: a pure function of the
// image.
//
// A table is the descriptor table of one task, or of several that share it; its task is the one
// that does not say shares_files. The owner of an open file is the first table that has it; all
// ends of a pipe belong to the first table that has one of them. Owners make their files in
// ascending order of descriptors, so that mostly the kernel's choice, the lowest free number, is
// the wanted one. All numbers are planned exactly, by playing the steps on a model of the table.
//
// What an owner makes for others only, it keeps in its stash: numbers above everything, from which
// it is taken and which are closed in the end.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "restore/unix_plan.h"

namespace crtool::restore {

// Number `kStash + i` stands for the i-th number of a table's stash.
inline constexpr int kStash = 1 << 28;

struct FdStep {
    enum class Do : uint8_t {
        make,       // open file `id`, for descriptor `from`; the kernel gives it number `to`
        make_pipe,  // pipe `id`: the kernel gives its read end number `from`, its write end `to`
        make_fifo,  // pipe `id`, by its name and for both directions: number `to`
        reopen,     // open file `id`, one more on the pipe that `from` is an end of, as number `to`
        place,      // move `from` to `to`; `to` may be the same: only close-on-exec is set
        copy,       // make `to` another descriptor of `from`
        drop,       // close `to`
        pidfd,      // a pidfd of task `id`, as number `to`
        take,       // number `from` of the task of the pidfd in the stash, as number `to`
        fill,       // give open file `id`, which is `to`, what its making could not
        watch,      // add watch `from` of epoll `id`, which is `to`
        make_ends,  // unix unit `id`: the kernel gives its ends the numbers `from` and `to`
        send,  // fill the queue of socket `id` from its other end `from` (−1: none), with the
               // descriptors in TablePlan::carried[`to`] (−1: none)
        await_turn,  // wait until it is turn `id` of those who connect to listeners
        end_turn,    // it is turn `id`
    };

    Do what = Do::make;
    bool cloexec = false;
    uint32_t id = 0;
    int from = -1;
    int to = -1;
};

struct TablePlan {
    std::vector<FdStep> open;
    std::vector<FdStep> share;
    std::vector<FdStep> link;
    int stash = 0;  // numbers of the stash that are used

    // Open files with an owner (F_SETOWN) or O_ASYNC, and a number: each file in one table only.
    struct Async {
        uint32_t file;
        int fd;
    };

    std::vector<Async> async;
    int pidfd = -1;  // the place of pidfds in the stash

    // Numbers of the descriptors in the messages of one queue, one after the other.
    std::vector<std::vector<int>> carried;

    // A listener that the table's task calls listen(2) for, before every other.
    struct Listen {
        uint32_t file = 0;  // a listening socket of the image; 0: UnixPlan::listeners[listener]
        uint32_t listener = 0;
    };
};

struct FdPlan {
    std::unordered_map<uint32_t, TablePlan> tables;  // by pid; a table without a step has no entry
    int stash_needed = 0;                            // of the table that needs most
    UnixPlan sockets;
    std::unordered_map<uint32_t, std::vector<TablePlan::Listen>> listens;  // by pid
};

// The image must have passed validate().
FdPlan plan_fds(const image::Image& image);

}  // namespace crtool::restore
