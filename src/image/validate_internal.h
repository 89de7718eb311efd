// What the parts of validate() share: the index of ids, limits, and checks of single values.
//
// Each part has its own file (validate_<subject>.cc) and throws bad_image through refuse(); the
// record that it is about stands in the ErrorContext of the caller.
#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "image/image.h"

namespace crtool::image::checks {

inline constexpr uint32_t kMaxPid = 1U << 22;         // PID_MAX_LIMIT of 64-bit kernels
inline constexpr uint32_t kMaxFd = 1U << 24;          // beyond any sane fs.nr_open
inline constexpr uint32_t kMaxSignal = 64;            // _NSIG
inline constexpr uint32_t kInvalidId = 0xffffffff;    // "leave it" to setresuid(2): never an id
inline constexpr uint64_t kUserStart = 0x1000;        // nothing is ever mapped at 0
inline constexpr uint64_t kUserEnd = 0x7ffffffff000;  // TASK_SIZE with four-level page tables
inline constexpr uint64_t kMaxOffset = std::numeric_limits<int64_t>::max();  // loff_t, ktime_t

template <typename... Args>
[[noreturn]] void refuse(fmt::format_string<Args...> format, Args&&... args) {
    throw Error(Errc::bad_image, 0, fmt::format(format, std::forward<Args>(args)...));
}

// Whether the parser met fields that it does not know. Asking by reflection would build every
// descriptor first, half a millisecond of a restore; generated code asks its metadata, and so do
// we.
class UnknownFields : public google::protobuf::MessageLite {
  public:
    static bool in(const google::protobuf::MessageLite& message) {
        return (message.*&UnknownFields::_internal_metadata_).have_unknown_fields();
    }
};

// A newer crtool may have stored something that matters; leaving it out silently would be wrong.
inline void check_known(const google::protobuf::MessageLite& message) {
    if (UnknownFields::in(message))
        refuse("has a field that this crtool does not know; use the crtool that made the image");
}

void check_signal(uint32_t signal, const char* what);          // 1 … 64
void check_signal_or_none(uint32_t signal, const char* what);  // 0 … 64
// At most `limit` bytes, none of them NUL, as the text goes to the kernel as a C string.
void check_text(const std::string& text, size_t limit, const char* what);
// Absolute, as the kernel prints it: no empty, "." or ".." component; fits in PATH_MAX.
void check_path(const std::string& path, const char* what);
void check_address(uint64_t address, const char* what);  // below the end of user space
void check_offset(uint64_t value, const char* what);     // fits in a signed 64-bit number
void check_policy(const MemoryPolicy& policy);           // MPOL_* and a mask of nodes
void check_id(uint32_t id, const char* what);            // a uid or gid that can be set
void check_wait_status(uint32_t status);                 // how wait4(2) tells an end

// Every id of the image, made once. Throws when one occurs twice or is 0.
class Index {
  public:
    explicit Index(const Image& image);

    const Task* task(uint32_t pid) const { return find(tasks_, pid); }

    const OpenFile* file(uint32_t id) const { return find(files_, id); }

    const Pipe* pipe(uint32_t id) const { return find(pipes_, id); }

    const Tty* tty(uint32_t id) const { return find(ttys_, id); }

    const PosixMqueue* mqueue(uint32_t id) const { return find(mqueues_, id); }

    const Content* content(uint32_t id) const { return find(contents_, id); }

    const SeccompFilter* filter(uint32_t id) const { return find(filters_, id); }

    const PageIndex* pages_of(uint32_t pid) const { return find(page_indexes_, pid); }

    // The task that the thread belongs to, 0 when there is no such thread.
    uint32_t owner_of_thread(uint32_t tid) const;
    // The task whose address space this one uses.
    const Task& owner_of_vm(const Task& task) const;

    // Position of a task in the order of creation.
    size_t position(const Task& task) const {
        return static_cast<size_t>(&task - image_.tasks.data());
    }

    // Size of pages.img.
    uint64_t pages() const { return pages_; }

    const Image& image() const { return image_; }

  private:
    template <typename T>
    using Map = std::unordered_map<uint32_t, const T*>;

    template <typename T>
    static const T* find(const Map<T>& map, uint32_t id) {
        auto at = map.find(id);
        return at == map.end() ? nullptr : at->second;
    }

    void add_threads(const Task& task);

    const Image& image_;
    Map<Task> tasks_;
    Map<OpenFile> files_;
    Map<Pipe> pipes_;
    Map<Tty> ttys_;
    Map<PosixMqueue> mqueues_;
    Map<Content> contents_;
    Map<SeccompFilter> filters_;
    Map<PageIndex> page_indexes_;
    std::unordered_map<uint32_t, uint32_t> threads_;  // tid to pid
    uint64_t pages_ = 0;
};

void check_inventory(const Index& index);
void check_tree(const Index& index);                    // pids, parents, sessions, groups, sharing
void check_task(const Index& index, const Task& task);  // what a task is, but for the following
void check_fds(const Index& index, const Task& task);
void check_signals(const Task& task);  // handlers, queue, timers
void check_thread(const Index& index, const Task& task, const Thread& thread);
void check_creds(const Creds& creds);
void check_areas(const Index& index, const Task& task);
void check_runs(const Index& index, const Task& task);
void check_contents(const Index& index);
void check_pieces(const Index& index);
void check_files(const Index& index);
void check_sysv_ipc(const Index& index);
// Terminals, and whose they are.
void check_ttys(const Index& index);
void check_epolls(const Index& index);
void check_options(const SocketOptions& options);
void check_unix_socket(const Index& index, const OpenFile& file);
void check_inet_socket(const Index& index, const OpenFile& file);
void check_netlink_socket(const Index& index, const OpenFile& file);
void check_tun(const Index& index, const OpenFile& file);
void check_packet_socket(const Index& index, const OpenFile& file);
void check_mqueue_file(const Index& index, const OpenFile& file);
void check_mqueues(const Index& index);
void check_net_lock(const Index& index);
void check_filters(const Index& index);
void check_siginfo(const Siginfo& info);

}  // namespace crtool::image::checks
