// crtool: saves a running process tree into files, and brings it back.
#include <malloc.h>

#include "base/fault.h"
#include "cli/app.h"
#include "cli/supervisor.h"

namespace {

// A page that was used once costs less to keep than to get again, and crtool does not live long.
void keep_memory() {
    constexpr int kMegabyte = 1 << 20;
    ::mallopt(M_TOP_PAD, kMegabyte);
    ::mallopt(M_TRIM_THRESHOLD, 1024 * kMegabyte);
    ::mallopt(M_MMAP_THRESHOLD, 32 * kMegabyte);
}

}  // namespace

int main(int argc, char** argv) {
    keep_memory();
    crtool::fault::arm();
    crtool::cli::leave(crtool::cli::run(argc, argv));
}
