// Ends of pipes: see proto/pipe.proto. What is in them is read later (pipe_set.h).
#include "dump/pipe.h"

#include <fcntl.h>

namespace crtool::dump {

// A FIFO has a name of its own, which its link shows.
bool matches_pipe(const FdProbe& probe) {
    return S_ISFIFO(probe.st.st_mode) && probe.link.starts_with("pipe:[") && !probe.is_path();
}

void dump_pipe(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    PipeSet::End end;
    end.task = probe.task;
    end.fd = probe.number;
    end.reads = probe.is_readable();
    end.writes = probe.is_writable();
    end.packets = end.writes && (probe.info.flags & O_DIRECT) != 0;
    file.mutable_pipe()->set_pipe(visit.pipes.add_end(probe.st.st_ino, end));
}

}  // namespace crtool::dump
