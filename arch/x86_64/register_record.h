// General registers between the kernel's structure and the image's message.
#pragma once

#include <sys/user.h>

#include "proto/cpu.pb.h"

namespace crtool::arch {

void to_record(const user_regs_struct& registers, image::Registers& record);
user_regs_struct from_record(const image::Registers& record);

}  // namespace crtool::arch
