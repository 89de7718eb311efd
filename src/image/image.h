// A whole image in memory, but for the content of its pages.
#pragma once

#include <vector>

#include "proto/inventory.pb.h"
#include "proto/ipc_namespace.pb.h"
#include "proto/memory.pb.h"
#include "proto/open_file.pb.h"
#include "proto/pipe.pb.h"
#include "proto/posix_mqueue.pb.h"
#include "proto/sysv_msg.pb.h"
#include "proto/sysv_sem.pb.h"
#include "proto/sysv_shm.pb.h"
#include "proto/task.pb.h"
#include "proto/terminal.pb.h"
#include "proto/thread.pb.h"

namespace crtool::image {

struct Image {
    Inventory inventory;
    std::vector<Task> tasks;  // parents first, the root at 0: the order of creation
    std::vector<SeccompFilter> filters;
    std::vector<OpenFile> files;
    std::vector<Pipe> pipes;
    std::vector<Tty> ttys;
    std::vector<SysvShm> shm_segments;
    std::vector<SysvSem> semaphores;
    std::vector<SysvMsg> queues;
    std::vector<PosixMqueue> mqueues;
    std::vector<IpcNamespace> ipc_namespaces;  // one, when the tree has one of its own
    std::vector<PageIndex> page_indexes;
    std::vector<Content> contents;
    Pieces pieces;
};

}  // namespace crtool::image
