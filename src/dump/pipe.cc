// Ends of pipes and named FIFOs: see proto/pipe.proto. What is in them is read later (pipe_set.h).
#include "dump/pipe.h"

#include <fcntl.h>

#include "dump/regular_file.h"

namespace crtool::dump {

bool matches_pipe(const FdProbe& probe) {
    return S_ISFIFO(probe.st.st_mode) && !probe.is_path();
}

void dump_pipe(const FileVisit& visit, const FdProbe& probe, image::OpenFile& file) {
    PipeSet::End end;
    end.task = probe.task;
    end.fd = probe.number;
    end.reads = probe.is_readable();
    end.writes = probe.is_writable();
    end.packets = end.writes && (probe.info.flags & O_DIRECT) != 0;
    std::string path = probe.link.starts_with('/') ? probe.link : "";
    if (!path.empty() && probe.st.st_nlink == 0)
        path = before_deleted(probe.link).value_or(probe.link);
    else if (!path.empty() && !names_this(path, probe))
        visit.refuse(probe, "a named FIFO whose name was deleted while it has another one",
                     "give it back its name before the dump");
    file.mutable_pipe()->set_pipe(visit.pipes.add_end(probe.st, std::move(path), end));
}

}  // namespace crtool::dump
