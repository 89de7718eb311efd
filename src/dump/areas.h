// Areas of an address space as records, and those that cannot be carried.
#pragma once

#include "dump/file_table.h"
#include "dump/problems.h"
#include "dump/task_probe.h"

namespace crtool::dump {

// Reads smaps once and fills task.areas and the record's AddressSpace; brk comes later, from
// inside. For a task with an address space of its own.
void record_areas(TaskProbe& task, FileTable& files, Problems& problems);

}  // namespace crtool::dump
