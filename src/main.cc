// crtool: saves a running process tree into files, and brings it back.
#include "base/fault.h"
#include "cli/app.h"

int main(int argc, char** argv) {
    crtool::fault::arm();
    return crtool::cli::run(argc, argv);
}
