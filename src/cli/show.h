// `crtool show DIR`: what is in an image.
#pragma once

#include <string>

namespace crtool::cli {

struct ShowOptions {
    std::string dir;
    bool json = false;
    // 3 and more: everything, and the content of the pages is checked.
    int verbosity = 2;
};

// Prints to stdout; the exit status: 4 when a restore would refuse the image, which is then said
// on stderr. Throws Error for an image that cannot be read.
int show_main(const ShowOptions& options);

}  // namespace crtool::cli
