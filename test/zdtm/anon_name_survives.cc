// Names given to anonymous areas with PR_SET_VMA_ANON_NAME stay, each on its own area.
#include <sys/prctl.h>

#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* memory = zdtm::map_anon(4 * zdtm::kPage);
    const auto address = reinterpret_cast<unsigned long>(memory);
    if (prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, address, zdtm::kPage, "first name") != 0) {
        zdtm::skip("this kernel does not name anonymous areas");
    }
    CHECK_SYS(prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, address + 2 * zdtm::kPage, zdtm::kPage, "b"));

    zdtm::checkpoint_here();

    CHECK(zdtm::smaps_of(memory).find("[anon:first name]\n") != std::string::npos);
    CHECK(zdtm::smaps_of(memory + zdtm::kPage).find("[anon:") == std::string::npos);
    CHECK(zdtm::smaps_of(memory + 2 * zdtm::kPage).find("[anon:b]\n") != std::string::npos);
    zdtm::pass();
}
