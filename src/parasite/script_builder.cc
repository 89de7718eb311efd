// See script_builder.h.
#include "parasite/script_builder.h"

#include <fmt/format.h>

#include "base/fault.h"

namespace crtool::parasite {

uint32_t Steps::add_object(const char* name, int64_t id, int64_t task) {
    objects_.push_back({name, id, task});
    return static_cast<uint32_t>(objects_.size() - 1);
}

uint32_t Steps::add(const char* what, uint32_t object) {
    steps_.push_back({what, object});
    return static_cast<uint32_t>(steps_.size() - 1);
}

std::string Steps::describe(uint32_t step) const {
    if (step >= steps_.size())
        return fmt::format("step {}", step);
    const Object& object = objects_[steps_[step].object];
    std::string text = fmt::format("task {}: ", object.task);
    if (object.name[0] != '\0')
        text += object.id < 0 ? fmt::format("{}: ", object.name)
                              : fmt::format("{} {}: ", object.name, object.id);
    return text + "cannot " + steps_[step].what;
}

Ref ScriptBuilder::call(const char* what, uint16_t code, std::initializer_list<Arg> args,
                        Accept accept) {
    Op op{};
    op.code = code;
    op.accept = accept != kGoOn && fault::fires() ? kFault : accept;
    op.step = steps_.add(what, object_);
    unsigned at = 0;
    for (const Arg& arg : args) {
        op.args[at] = arg.value();
        if (arg.is_ref())
            op.refs = static_cast<uint8_t>(op.refs | 1u << at);
        at++;
    }
    ops_.push_back(op);
    return Ref{static_cast<uint32_t>(ops_.size() - 1)};
}

uint64_t ScriptBuilder::finish(uint64_t board, uint32_t slot) {
    ops_address_ = arena_.put_array(std::span<const Op>(ops_));
    Script script{};
    script.ops = ops_address_;
    script.count = static_cast<uint32_t>(ops_.size());
    script.board = board;
    script.slot = slot;
    return arena_.put(script);
}

}  // namespace crtool::parasite
