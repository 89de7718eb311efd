// See pipe_set.h.
#include "dump/pipe_set.h"

#include "base/error.h"
#include "base/fault.h"
#include "sys/pidfd.h"

namespace crtool::dump {
namespace {

// A packet never spans pages (pipe(7), O_DIRECT).
constexpr uint32_t kMostPacket = 4096;

}  // namespace

std::string PipeSet::name_of(const Entry& entry, const End& end) {
    return fmt::format("descriptor {} ({})", end.fd, entry.name);
}

uint32_t PipeSet::add_end(const struct stat& st, std::string path, const End& end) {
    auto [at, is_new] =
        ids_.try_emplace({st.st_dev, st.st_ino}, static_cast<uint32_t>(entries_.size()) + 1);
    if (is_new) {
        std::string name = path.empty() ? fmt::format("pipe:[{}]", st.st_ino) : path;
        entries_.push_back({std::move(name), std::move(path), st, {}, {}, false});
    }
    Entry& entry = entries_[at->second - 1];
    if (end.reads && entry.reader.fd < 0)
        entry.reader = end;
    if (end.writes && entry.writer.fd < 0)
        entry.writer = end;
    entry.packets |= end.packets;
    return at->second;
}

void PipeSet::read_all(Problems& problems) {
    for (size_t i = 0; i < entries_.size(); i++) {
        fault::point("read a pipe");
        image::Pipe& record = records_.emplace_back();
        record.set_id(static_cast<uint32_t>(i) + 1);
        read_one(entries_[i], record, problems);
    }
    scratch_ = {};
    buffer_ = {};
}

void PipeSet::read_one(const Entry& entry, image::Pipe& record, Problems& problems) {
    bool has_reader = entry.reader.fd >= 0;
    const End& end = has_reader ? entry.reader : entry.writer;
    sys::UniqueFd fd = sys::PidFd(end.task).take_fd(end.fd);
    record.set_size(sys::pipe_size(fd.get()));
    record.set_path(entry.path);
    if (!entry.path.empty() && entry.st.st_nlink == 0) {
        record.set_deleted(true);
        record.set_mode(entry.st.st_mode & 07777);
        record.set_uid(entry.st.st_uid);
        record.set_gid(entry.st.st_gid);
    }
    if (!check_ends(entry, end, fd.get(), record, problems))
        return;
    if (has_reader && sys::pipe_bytes(fd.get()) > 0)
        read_data(fd.get(), entry, record, problems);
}

bool PipeSet::check_ends(const Entry& entry, const End& end, int fd, image::Pipe& record,
                         Problems& problems) {
    if (entry.reader.fd >= 0 && entry.writer.fd >= 0)
        return true;
    // The content of a FIFO outlives its last reader; only that of a pipe is lost.
    bool is_readable = entry.reader.fd >= 0;
    if (!is_readable && !entry.path.empty() && sys::pipe_bytes(fd) > 0) {
        problems.add(end.task, name_of(entry, end),
                     "a FIFO with content that no task of the tree can read",
                     "let its reader read that before the dump");
        return false;
    }
    if (sys::pipe_is_alone(fd))
        return true;
    // By its name, a FIFO comes together again with whoever is outside.
    if (is_readable && !entry.path.empty() && !record.deleted() && sys::pipe_bytes(fd) == 0) {
        record.set_unconnected(true);
        return true;
    }
    problems.add(
        end.task, name_of(entry, end),
        fmt::format("a pipe whose {} end is held outside of the tree",
                    is_readable ? "write" : "read"),
        "start the program with this descriptor on a file or /dev/null, dump the tree from "
        "the task that has the other end, or name it --external and give another to the "
        "restore");
    return false;
}

void PipeSet::read_data(int fd, const Entry& entry, image::Pipe& record, Problems& problems) {
    fit_scratch(record.size());
    uint32_t bytes = sys::pipe_copy(fd, scratch_.write.get());
    std::string data;
    std::vector<uint32_t> chunks;
    bool too_long = false;
    data.reserve(bytes);
    while (uint32_t got = sys::pipe_take(scratch_.read.get(), buffer_)) {
        data.append(buffer_.data(), got);
        chunks.push_back(got);
        too_long |= got > kMostPacket;
    }
    if (data.size() != bytes)
        fail(Errc::internal, "{} of {} bytes of {} could be read", data.size(), bytes, entry.name);
    record.set_data(std::move(data));
    // One read gives everything up to the end of a packet.
    if (chunks.size() == 1 && (too_long || is_stream(fd, bytes)) && !(bytes == 1 && entry.packets))
        return;
    if (too_long) {
        problems.add(entry.reader.task, name_of(entry, entry.reader),
                     "a pipe that holds packets and plain data at the same time",
                     "let the program read them before the dump");
        return;
    }
    for (uint32_t chunk : chunks)
        record.add_packets(chunk);
}

// Reading one byte of a packet throws the rest of it away.
bool PipeSet::is_stream(int fd, uint32_t bytes) {
    sys::pipe_copy(fd, scratch_.write.get());
    sys::pipe_take(scratch_.read.get(), std::span(buffer_).first(1));
    bool kept = sys::pipe_bytes(scratch_.read.get()) == bytes - 1;
    while (sys::pipe_take(scratch_.read.get(), buffer_) > 0) {
    }
    return kept;
}

void PipeSet::fit_scratch(uint32_t size) {
    if (buffer_.size() >= size)
        return;
    scratch_ = sys::make_scratch_pipe();
    sys::set_pipe_size(scratch_.write.get(), size);
    buffer_.resize(size);
}

}  // namespace crtool::dump
