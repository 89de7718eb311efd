// Open files in a restore: who opens what, when, and the operations for it.
//
// The constructor decides everything (fd_plan.h). Whether the files that are opened by name are
// there, file_check.h tells before any task exists. Afterwards each task's script is
// given its part, in this order (stages of ARCHITECTURE.md):
//
//   emit_open    before arriving at stage "opened": owners make their open files
//   emit_share   after it, before "shared": the other tasks take theirs (pidfd_getfd)
//   emit_link    after "shared", with the service descriptors still open: working directory, epoll
//                interest lists; the stash is closed
//   emit_async   after the next barrier: signal-driven I/O, when no more signal can come of it
//   emit_fs      after "shared", where absolute paths are no longer needed: root directory, umask
//
// All of them do nothing for a task whose table is another's (shares_files, shares_fs).
//
// Descriptor numbers are planned exactly: the kernel gives the lowest free one. Therefore, from
// emit_open to the end of emit_link, a table must hold nothing below the service descriptors but
// what these functions put there: descriptors that other parts of a script open (to map a file, to
// load pages) are closed again before the *owner* of the table comes to emit_open. Tasks that share
// a table do such work before stage "tree".
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "image/image.h"
#include "parasite/script_builder.h"
#include "restore/options.h"

namespace crtool::restore {

struct FdPlan;
struct FdStep;
struct TablePlan;
struct UnixPlan;

// Where a socket's file can be reached: `name` in the directory that service descriptor `dir` is.
struct UnixPlace {
    int dir = -1;
    std::string name;
};

struct UnixSender {
    int fd = -1;
    uint32_t sndbuf = 0;
};

// What the coordinator makes of unix sockets (unix_names.h).
struct UnixService {
    std::unordered_map<uint32_t, int> sockets;       // by OpenFile.id: made and bound; held
    std::unordered_map<uint32_t, UnixPlace> places;  // by OpenFile.id: bound to a path
    std::vector<int> listeners;                      // as UnixPlan::listeners
    std::vector<UnixPlace> listener_places;
    std::unordered_map<std::string, UnixSender> senders;  // datagram sockets, by name
    uint64_t turn = 0;                                    // address of the word that counts turns
    // What tasks are before they get their own.
    uint32_t gid = 0;
    std::vector<uint32_t> groups;
    uint32_t sndbuf = 0;  // of a new socket
    uint32_t rcvbuf = 0;
};

// Descriptors of the coordinator. There may be very many of some kinds: those it holds alone, and
// tasks take what they need (take_held, held_path of kind.h). The others every task inherits under
// the same number.
struct ServiceFds {
    // Held. Content.id → a file with that content, in whatever mode: tasks open it again.
    std::unordered_map<uint32_t, int> contents;
    // Held. OpenFile.id of a deleted directory (RegularFile.deleted, S_ISDIR(mode)) → such a
    // directory, O_PATH or not. Open files of one (dev, ino) are one directory.
    std::unordered_map<uint32_t, int> directories;
    // Held. Pipe.id of a FIFO that has lost its name → it, with O_PATH.
    std::unordered_map<uint32_t, int> fifos;
    // Held. OpenFile.id of what the coordinator makes itself → that open file.
    std::unordered_map<uint32_t, int> made;
    // Held. OpenFile.id of internet sockets.
    std::unordered_map<uint32_t, int> inet;
    pid_t coordinator_pid = 0;
    int coordinator = -1;  // a pidfd of it
    UnixService unix;
    int terminal = -1;  // --shell-job: the terminal of crtool; −1: it has none
    // OpenFile.id of every other terminal → that open file itself.
    std::unordered_map<uint32_t, int> terminals;
    // [stash, stash_end): numbers that nobody uses, above every saved descriptor and below the
    // (raised) RLIMIT_NOFILE. Files::stash_needed() tells how many are enough.
    int stash = 0;
    int stash_end = 0;
};

class Files {
  public:
    // Plans. Throws bad_image Errors that name the file and what is wrong, and unsupported where
    // options are missing. Both references must outlive the object.
    Files(const image::Image& image, const Options& options);
    ~Files();
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    // Numbers that the greatest table needs for what it holds on behalf of others.
    int stash_needed() const;

    // The highest number that any table has, or that a watch is added under; −1: none. Service
    // descriptors and stash are above it.
    int highest_number() const;

    // True when some open file is the terminal of the shell job.
    bool needs_terminal() const { return needs_terminal_; }

    // Enough room in the arena for everything the emit_ functions put there but operations.
    uint64_t arena_bytes() const;

    // The open file that carries name, mode and owner of a Content: a memfd or a deleted file;
    // nullptr for shared memory without a name.
    const image::OpenFile* described_by(uint32_t content) const;

    // Where a file is to be found: its name, under --root.
    std::string path_of(const image::RegularFile& file) const;
    std::string path_of(const image::Pipe& fifo) const;
    std::string under_root(const std::string& path) const;

    // To be called once before any emit_ function; keeps a copy.
    void set_service(ServiceFds service) { service_ = std::move(service); }

    // Before stage "tree": listen(2) where a task's pid is to be seen as the listener's.
    void emit_listen(const image::Task& task, parasite::ScriptBuilder& script) const;

    // After set_service: the word in which those who connect to listeners count their turns.
    void set_turn_word(uint64_t address) { service_.unix.turn = address; }

    void emit_open(const image::Task& task, parasite::ScriptBuilder& script);
    void emit_share(const image::Task& task, parasite::ScriptBuilder& script);
    void emit_link(const image::Task& task, parasite::ScriptBuilder& script) const;
    void emit_async(const image::Task& task, parasite::ScriptBuilder& script) const;
    void emit_fs(const image::Task& task, parasite::ScriptBuilder& script) const;

    // After everybody arrived at "shared": every descriptor that a task was given has the number
    // that was planned. `script` is the one that emit_open and emit_share wrote to. Throws
    // internal.
    void check_numbers(const image::Task& task, const parasite::ScriptBuilder& script) const;

    // What the kinds (kind.h) ask for.
    const image::OpenFile& file(uint32_t id) const { return *by_id_.at(id); }

    const image::Pipe& pipe(uint32_t id) const { return *pipes_.at(id); }

    const ServiceFds& service() const { return service_; }

    const UnixPlan& sockets() const;

    // The first task that has a descriptor of it; nullptr: it is in a queue only.
    const image::Task* holder(uint32_t file) const;

  private:
    // A number that an operation must have returned.
    struct Expected {
        uint32_t op;
        int number;
    };

    void index();
    // Opens `file` as it was opened, close-on-exec; the caller closes the result.
    parasite::Ref emit_file(parasite::ScriptBuilder& script, uint32_t file) const;
    void emit_cwd(const image::Task& task, parasite::ScriptBuilder& script) const;
    void emit_step(const FdStep& step, const TablePlan& table, parasite::ScriptBuilder& script,
                   std::vector<Expected>& expected) const;
    void emit_unix_step(const FdStep& step, const TablePlan& table,
                        parasite::ScriptBuilder& script) const;
    int number(int planned) const;

    const image::Image& image_;
    const Options& options_;
    std::unordered_map<uint32_t, const image::OpenFile*> by_id_;
    std::unordered_map<uint32_t, const image::Pipe*> pipes_;
    std::unordered_map<uint32_t, const image::OpenFile*> described_;
    std::unique_ptr<FdPlan> plan_;
    std::unordered_map<uint32_t, std::vector<Expected>> expected_;  // by pid
    ServiceFds service_;
    bool needs_terminal_ = false;
};

}  // namespace crtool::restore
