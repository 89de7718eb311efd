// Builds scripts: the host's way to say what a task shall do.
//
// A ScriptBuilder collects operations for one script and copies them into the arena when done.
// Results of operations are named by Ref and can be arguments of later operations of the same
// script. What an operation is about ("eventfd 7: write the counter") is kept in Steps, on the host
// side, and looked up only when something fails.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "parasite/arena.h"
#include "parasite/script.h"

namespace crtool::parasite {

// Names of all steps of a run; a step id is an index into it. Texts must be literals.
class Steps {
  public:
    // An object that operations are about, for example {"eventfd", 7} of task 41.
    uint32_t add_object(const char* name, int64_t id, int64_t task);
    uint32_t add(const char* what, uint32_t object);
    // "task 41: eventfd 7: write the counter".
    std::string describe(uint32_t step) const;

  private:
    struct Object {
        const char* name;
        int64_t id;
        int64_t task;
    };

    struct Step {
        const char* what;
        uint32_t object;
    };

    std::vector<Object> objects_;
    std::vector<Step> steps_;
};

// The result of an earlier operation of the same script.
struct Ref {
    uint32_t op;
};

// An argument: a number, or a Ref.
class Arg {
  public:
    // A number or a Ref shall stand as it is among the arguments of an operation.
    // NOLINTBEGIN(google-explicit-constructor)
    template <typename T>

    requires std::is_integral_v<T> || std::is_enum_v<T> Arg(T value)
        : value_(static_cast<uint64_t>(value)) {}

    Arg(Ref ref) : value_(ref.op), is_ref_(true) {}

    // NOLINTEND(google-explicit-constructor)

    uint64_t value() const { return value_; }

    bool is_ref() const { return is_ref_; }

  private:
    uint64_t value_;
    bool is_ref_ = false;
};

class ScriptBuilder {
  public:
    // `task` is for messages only. Both references must outlive the builder.
    ScriptBuilder(Arena& arena, Steps& steps, int64_t task)
        : arena_(arena), steps_(steps), task_(task), object_(steps.add_object("", -1, task)) {}

    // All following operations are about this object. `name` must be a literal; id -1: none.
    void about(const char* name, int64_t id = -1) { object_ = steps_.add_object(name, id, task_); }

    // Appends a system call or composite operation. `what` must be a literal that completes
    // "cannot …".
    Ref call(const char* what, uint16_t code, std::initializer_list<Arg> args,
             Accept accept = kMustWork);

    Arena& arena() { return arena_; }

    uint32_t size() const { return static_cast<uint32_t>(ops_.size()); }

    // Copies the operations into the arena and makes the Script; its address in the task.
    uint64_t finish(uint64_t board = 0, uint32_t slot = 0);

    // After finish(): where operation `ref` has its result, seen by the host.
    const Op& result(Ref ref) const { return arena_.host<Op>(ops_address_)[ref.op]; }

  private:
    Arena& arena_;
    Steps& steps_;
    int64_t task_;
    uint32_t object_;
    std::vector<Op> ops_;
    uint64_t ops_address_ = 0;
};

}  // namespace crtool::parasite
