// Runs a script: see parasite/script.h for what an operation means.
#include "arch/x86_64/flags.h"
#include "arch/x86_64/raw_syscall.h"
#include "parasite/blob/blob.h"

namespace crtool::blob {
namespace {

using namespace parasite;

constexpr int64_t kEio = 5;
constexpr int64_t kEnosys = 38;
constexpr uint64_t kSysClose = 3;
constexpr uint64_t kSysFcntl = 72;
constexpr uint64_t kSysDup3 = 292;
constexpr uint64_t kCloexec = 02000000;
constexpr uint64_t kSetFd = 2;  // F_SETFD

template <typename T>
T* at(uint64_t address) {
    return reinterpret_cast<T*>(address);
}

bool is_error(int64_t result) {
    return result < 0 && result > -4096;
}

int64_t place(uint64_t fd, uint64_t number, bool cloexec) {
    if (fd == number) {
        int64_t result = arch::raw_syscall(kSysFcntl, fd, kSetFd, cloexec ? 1 : 0);
        return is_error(result) ? result : static_cast<int64_t>(number);
    }
    int64_t result = arch::raw_syscall(kSysDup3, fd, number, cloexec ? kCloexec : 0);
    arch::raw_syscall(kSysClose, fd);
    return result;
}

int64_t composite(Script* script, const Op& op, const uint64_t* a, uint32_t* index) {
    auto* board = at<Board>(script->board);
    switch (op.code) {
        case kPlace:
            return place(a[0], a[1], a[2] != 0);
        case kSpawn:
            return blob_clone3(at<CloneArgs>(a[0]), sizeof(CloneArgs), at<Script>(a[1]));
        case kFindZeros:
            return find_zeros(at<Segment>(a[0]), a[1], at<uint64_t>(a[2]));
        case kWritePages:
            return write_pages(static_cast<int>(a[0]), at<Segment>(a[1]), a[2], a[3],
                               at<uint64_t>(a[4]), a[5] != 0);
        case kLoadPages:
            return load_pages(static_cast<int>(a[0]), at<Segment>(a[1]), a[2]);
        case kArrive:
            return arrive(board, at<uint32_t>(a[0]), static_cast<uint32_t>(a[1]));
        case kWaitFor:
            return wait_for(board, at<uint32_t>(a[0]), static_cast<uint32_t>(a[1]));
        case kPost:
            return post(at<uint32_t>(a[0]), static_cast<uint32_t>(a[1]));
        case kPark:
            park();
        case kLoadFlags:
            arch::load_flags(a[0]);
            return 0;
        case kSkipOnError:
            if (is_error(static_cast<int64_t>(a[0])))
                *index += static_cast<uint32_t>(a[1]);
            return 0;
        case kWord:
            return *at<int32_t>(a[0]);
        case kCopy:
            __builtin_memcpy(at<char>(a[0]), at<char>(a[1]), a[2]);
            return 0;
        default:
            return -kEnosys;
    }
}

bool acceptable(const Op& op, int64_t result, const uint64_t* args) {
    switch (op.accept) {
        case kMustWork:
            return !is_error(result);
        case kExact:
            return result == static_cast<int64_t>(args[2]);
        case kZero:
            return result == 0;
        default:
            return true;
    }
}

}  // namespace

void run(Script* script) {
    Op* ops = at<Op>(script->ops);
    for (uint32_t i = 0; i < script->count; i++) {
        Op& op = ops[i];
        uint64_t args[6];
        for (unsigned k = 0; k < 6; k++)
            args[k] = (op.refs >> k & 1) != 0 ? static_cast<uint64_t>(ops[op.args[k]].result)
                                              : op.args[k];
        uint32_t here = i;
        if (op.accept == kFault)
            op.result = -kEio;
        else if (op.code >= kFirstComposite)
            op.result = composite(script, op, args, &i);
        else
            op.result =
                arch::raw_syscall(op.code, args[0], args[1], args[2], args[3], args[4], args[5]);
        if (op.accept == kFault || !acceptable(op, op.result, args)) {
            int64_t err = is_error(op.result) ? -op.result : kEio;
            script->report = {static_cast<int32_t>(err), op.step, here, script->slot};
            return;
        }
    }
}

}  // namespace crtool::blob

extern "C" void blob_restore(crtool::parasite::Script* script) {
    crtool::blob::run(script);
    if (script->report.err != 0)
        crtool::blob::give_up(script);
    crtool::blob::end_task(0);
}
