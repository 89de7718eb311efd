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
    return fmt::format("descriptor {} (pipe:[{}])", end.fd, entry.ino);
}

uint32_t PipeSet::add_end(ino_t ino, const End& end) {
    auto [at, is_new] = ids_.try_emplace(ino, static_cast<uint32_t>(entries_.size()) + 1);
    if (is_new)
        entries_.push_back({ino, {}, {}, false});
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
    scratch_size_ = 0;
}

void PipeSet::read_one(const Entry& entry, image::Pipe& record, Problems& problems) {
    bool has_reader = entry.reader.fd >= 0;
    const End& end = has_reader ? entry.reader : entry.writer;
    sys::UniqueFd fd = sys::PidFd(end.task).take_fd(end.fd);
    record.set_size(sys::pipe_size(fd.get()));
    bool has_both = has_reader && entry.writer.fd >= 0;
    if (!has_both && !sys::pipe_is_alone(fd.get())) {
        problems.add(end.task, name_of(entry, end),
                     fmt::format("a pipe whose {} end is held outside of the tree",
                                 has_reader ? "write" : "read"),
                     "start the program with this descriptor on a file or /dev/null, or dump the "
                     "tree from the task that has the other end");
        return;
    }
    if (has_reader && sys::pipe_bytes(fd.get()) > 0)
        read_data(fd.get(), entry, record, problems);
}

void PipeSet::read_data(int fd, const Entry& entry, image::Pipe& record, Problems& problems) {
    fit_scratch(record.size());
    uint32_t bytes = sys::pipe_copy(fd, scratch_.write.get());
    std::string data;
    std::vector<uint32_t> chunks;
    bool too_long = false;
    while (uint32_t got = sys::pipe_take(scratch_.read.get(), record.size(), data)) {
        chunks.push_back(got);
        too_long |= got > kMostPacket;
    }
    if (data.size() != bytes)
        fail(Errc::internal, "{} of {} bytes of pipe:[{}] could be read", data.size(), bytes,
             entry.ino);
    record.set_data(std::move(data));
    // One read gives everything up to the end of a packet.
    if (chunks.size() == 1 && (too_long || is_stream(fd, bytes)) && !(bytes == 1 && entry.packets))
        return;
    if (too_long) {
        problems.add(entry.reader.task, name_of(entry, entry.reader),
                     "a pipe that holds packets and plain data at the same time", "");
        return;
    }
    for (uint32_t chunk : chunks)
        record.add_packets(chunk);
}

// Reading one byte of a packet throws the rest of it away.
bool PipeSet::is_stream(int fd, uint32_t bytes) {
    std::string drain;
    sys::pipe_copy(fd, scratch_.write.get());
    sys::pipe_take(scratch_.read.get(), 1, drain);
    bool kept = sys::pipe_bytes(scratch_.read.get()) == bytes - 1;
    while (sys::pipe_take(scratch_.read.get(), scratch_size_, drain) > 0) {
    }
    return kept;
}

void PipeSet::fit_scratch(uint32_t size) {
    if (scratch_size_ >= size)
        return;
    scratch_ = sys::make_pipe();
    sys::set_pipe_size(scratch_.write.get(), size);
    scratch_size_ = size;
}

}  // namespace crtool::dump
