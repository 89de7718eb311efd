// Who forks whom, so that ids, parents, sessions, groups and shared tables are as they were.
//
// A pure function of the image. Sessions decide: a task is born in its forker's session and can
// only leave it by leading a new one. So a task is forked by its parent where that one is in the
// right session, before or after its own setsid(2). Otherwise a member of the session whose real
// parent is the same forks it with CLONE_PARENT; or a member further down the tree forks a helper
// that forks it and dies, and the orphan lands at the nearest subreaper, which its parent is made
// for that time. Where the leader of a session or group is gone, a temporary one is made under its
// number.
//
// Tables that tasks share (CLONE_VM, …) come from the forker too. What cannot be expressed is an
// unsupported Error.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "image/image.h"

namespace crtool::restore {

inline constexpr uint32_t kNone = UINT32_MAX;

// A process that the restore makes: a task of the image, or a temporary helper.
struct Node {
    uint32_t pid = 0;         // 0: a helper that takes any number outside of the image
    uint32_t task = kNone;    // index in Image::tasks; kNone: a helper
    uint32_t parent = kNone;  // node of the final real parent; kNone: the coordinator
    uint32_t forker = kNone;  // node that makes it; kNone: the coordinator
    uint64_t clone_flags = 0;
    uint32_t exit_signal = 0;

    bool new_session = false;
    bool new_group = false;   // leads a group from birth
    uint32_t join_group = 0;  // setpgid(0, this) when everybody exists; 0: is in it already
    bool join_late = false;   // … only when the others have joined the group that it leads first
    bool subreaper = false;   // while tasks are being made
    bool waits_for_groups = false;  // helper: a group leader, stays until its members have joined

    // What it forks, in order: before its setsid; then for others, before it touches its memory;
    // then its own children, who inherit memory from it.
    std::vector<uint32_t> early;
    std::vector<uint32_t> service;
    std::vector<uint32_t> late;
    // Helpers that are its children and stay until groups are joined; others end at once.
    std::vector<uint32_t> reap_joined;

    // The task (index) whose memory it is born with; kNone: nothing that is of use.
    uint32_t memory_of = kNone;
};

struct PidPlan {
    // Forkers before those that they fork; node 0 is made by the coordinator.
    std::vector<Node> nodes;
    std::vector<uint32_t> node_of_task;
    uint32_t root = 0;  // node of the root task
};

// The session and group that crtool itself is in, which become the tree's with --shell-job.
struct PidPlanInput {
    bool shell_job = false;
    uint32_t own_session = 0;
    uint32_t own_group = 0;
};

PidPlan plan_pids(const image::Image& image, const PidPlanInput& input);

// Sid and pgid that a task has after the restore: the saved ones, or crtool's own in their place.
uint32_t restored_session(const image::Image& image, const image::Task& task,
                          const PidPlanInput& input);
uint32_t restored_group(const image::Image& image, const image::Task& task,
                        const PidPlanInput& input);

}  // namespace crtool::restore
