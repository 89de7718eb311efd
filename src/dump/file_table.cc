// Descriptors: see file_table.h. Places and mappings are in file_places.cc, what can be told only
// at the end in file_checks.cc.
#include "dump/file_table.h"

#include <fcntl.h>

#include "base/fault.h"
#include "dump/refused_kinds.h"
#include "dump/registry.h"
#include "sys/kcmp.h"
#include "sys/read_ahead.h"

namespace crtool::dump {
namespace {

constexpr uint32_t kCloexec = O_CLOEXEC;
// Texts of fdinfo that are read in one go; a helper is worth it for some of them.
constexpr size_t kTextsPerJob = 32;
constexpr size_t kJobsPerHelper = 4;

// The fdinfo of many descriptors.
class FdInfoTexts {
  public:
    FdInfoTexts(int infos, const std::vector<int>& fds)
        : infos_(infos),
          fds_(fds),
          texts_(fds.size()),
          readers_((fds.size() + kTextsPerJob - 1) / kTextsPerJob,
                   fds.size() / (kTextsPerJob * kJobsPerHelper),
                   [this](size_t job) { read(job); }) {}

    const std::string& of(size_t index) {
        if (index % kTextsPerJob == 0)
            readers_.await(index / kTextsPerJob);
        return texts_[index];
    }

  private:
    void read(size_t job) {
        std::string buffer;
        size_t first = job * kTextsPerJob;
        for (size_t i = first; i < std::min(first + kTextsPerJob, fds_.size()); i++)
            texts_[i] = sys::read_small_at(infos_, std::to_string(fds_[i]).c_str(), buffer);
    }

    int infos_;
    const std::vector<int>& fds_;
    std::vector<std::string> texts_;
    sys::ReadAhead readers_;  // last, so that it ends before what it works on
};

void add_owner(const FdProbe& probe, image::OpenFile& file) {
    sys::FileSignals signals = sys::signals_of(probe.fd);
    if (!signals.any())
        return;
    image::FileOwner& owner = *file.mutable_owner();
    owner.set_type(static_cast<uint32_t>(signals.type));
    owner.set_pid(signals.pid);
    owner.set_signal(static_cast<uint32_t>(signals.signal));
    owner.set_uid(signals.uid);
    owner.set_euid(signals.euid);
}

}  // namespace

FileTable::FileTable(const Options& options, Problems& problems, OtherNames& names)
    : options_(options),
      problems_(problems),
      names_(names),
      externals_(options.external),
      locks_(options, problems),
      shmem_dev_(sys::stat_fd(sys::memfd("crtool").get()).st_dev),
      self_fds_(sys::open_at(AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY)) {}

void FileTable::add_descriptors(const sys::ProcDir& dir, image::Task& task) {
    pid_t pid = dir.pid();
    tasks_.push_back(pid);
    if (task.leader_exited() && !sys::PidFd::can_be_of_thread())
        return;  // which is refused (task_probe.cc)
    sys::UniqueFd infos = dir.open("fdinfo", O_RDONLY | O_DIRECTORY);
    sys::PidFd pidfd(pid);
    const std::vector<int> fds = sys::list_numbers(infos.get());
    FdInfoTexts texts(infos.get(), fds);
    for (size_t i = 0; i < fds.size(); i++) {
        int fd = fds[i];
        fault::point("look at a descriptor");
        ErrorContext context("descriptor", fd);
        sys::FdInfo info = sys::parse_fdinfo(texts.of(i));
        image::Fd& record = *task.add_fds();
        record.set_fd(static_cast<uint32_t>(fd));
        record.set_cloexec((info.flags & kCloexec) != 0);
        record.set_file(file_of(pidfd, pid, fd, info));
        locks_.add(info, record.fd(), record.file(), task);
    }
}

uint32_t FileTable::file_of(const sys::PidFd& pidfd, pid_t task, int fd, sys::FdInfo info) {
    info.flags &= ~kCloexec;
    auto identity = info.find("eventfd-id");
    Key key = {info.mnt_id, info.ino.value_or(0), info.pos,
               identity ? sys::fdinfo_number(*identity, 10) : 0, info.flags};
    std::vector<Known>& alike = known_[key];
    size_t low = 0;
    size_t high = alike.size();
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        auto order = sys::kcmp_file(alike[middle].task, alike[middle].fd, task, fd);
        if (order == 0)
            return alike[middle].id;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    FdProbe probe;
    probe.task = task;
    probe.number = fd;
    probe.proc_name = fmt::format("fd/{}", fd);
    sys::UniqueFd copy = pidfd.take_fd(fd);
    probe.fd = copy.get();
    probe.st = sys::stat_fd(probe.fd);
    probe.info = std::move(info);
    // Reading one's own link is cheaper than the task's: the kernel keeps its entry of /proc.
    probe.link = sys::read_link_at(self_fds_.get(), std::to_string(probe.fd)).value_or("");
    probe.external_key = externals_.key_of(probe);
    uint32_t id = add_file(probe);
    alike.insert(alike.begin() + static_cast<ptrdiff_t>(low), {task, fd, id});
    return id;
}

uint32_t FileTable::add_file(const FdProbe& probe) {
    image::OpenFile& file = files_.emplace_back();
    uint32_t id = static_cast<uint32_t>(files_.size());
    where_.push_back({probe.task, probe.number, id});
    epolls_.add_file(probe, id);
    file.set_id(id);
    file.set_flags(probe.info.flags);
    file.set_pos(probe.info.pos);
    if (probe.number >= 0)
        file.set_resource(resource_name(probe));
    const DumpKind* kind = find_kind(probe);
    bool is_unnamed_memory =
        probe.st.st_dev == shmem_dev_ && !memfd_name(probe.link) && !matches_external(probe);
    if (kind == nullptr || is_unnamed_memory) {
        Refusal refusal = refusal_of(probe.link, probe.st.st_mode);
        visit().refuse(probe, std::string(refusal.reason), std::string(refusal.way_out));
        return id;
    }
    if (probe.number >= 0 && !probe.is_path())
        add_owner(probe, file);
    kind->dump(visit(), probe, file);
    return id;
}

void FileTable::save(image::Writer& writer, image::PageWriter& pages) {
    eventfds_.record(files_);
    for (image::OpenFile& file : files_) {
        image::FileRecord record;
        *record.mutable_file() = std::move(file);
        writer.add(record);
    }
    for (const image::Pipe& pipe : pipes_.pipes()) {
        image::FileRecord record;
        *record.mutable_pipe() = pipe;
        writer.add(record);
    }
    for (const image::Tty& tty : terminals_.ttys()) {
        image::FileRecord record;
        *record.mutable_tty() = tty;
        writer.add(record);
    }
    for (const image::PosixMqueue& queue : mqueues_.records()) {
        image::FileRecord record;
        *record.mutable_posix_mqueue() = queue;
        writer.add(record);
    }
    for (const auto& [content, segment] : segments_.segments()) {
        image::FileRecord record;
        *record.mutable_sysv_shm() = segment;
        writer.add(record);
    }
    contents_.save(writer, pages);
    segments_.detach();
}

}  // namespace crtool::dump
