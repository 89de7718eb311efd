// A program that told the kernel with PR_SET_MM_MAP that its arguments are elsewhere keeps that:
// the command line shown is the one of the new place.
#include <linux/prctl.h>
#include <sys/prctl.h>

#include <cstring>
#include <sstream>
#include <vector>

#include "memory.h"

namespace {

// Fields of /proc/self/stat; the number is the one of proc(5).
uint64_t stat_field(size_t number) {
    const std::string text = zdtm::read_file("/proc/self/stat");
    std::istringstream words(text.substr(text.rfind(')') + 2));
    std::string word;
    for (size_t i = 3; i <= number; i++) {
        words >> word;
    }
    return std::stoull(word);
}

// PR_SET_MM_MAP sets all fields at once, so the others are given as they are.
prctl_mm_map current_map() {
    prctl_mm_map map = {};
    map.start_code = stat_field(26);
    map.end_code = stat_field(27);
    map.start_stack = stat_field(28);
    map.start_data = stat_field(45);
    map.end_data = stat_field(46);
    map.start_brk = stat_field(47);
    map.brk = reinterpret_cast<uint64_t>(sbrk(0));
    map.env_start = stat_field(50);
    map.env_end = stat_field(51);
    map.exe_fd = UINT32_MAX;
    return map;
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* place = zdtm::map_anon(zdtm::kPage);
    const char text[] = "worker: idle\0since today";
    const std::string wanted(text, sizeof(text));
    memcpy(place, text, sizeof(text));
    prctl_mm_map map = current_map();
    map.arg_start = reinterpret_cast<uint64_t>(place);
    map.arg_end = map.arg_start + sizeof(text);
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0) != 0) {
        zdtm::skip("PR_SET_MM_MAP is not allowed here");
    }
    CHECK(zdtm::read_file("/proc/self/cmdline") == wanted);

    zdtm::checkpoint_here();

    CHECK(zdtm::read_file("/proc/self/cmdline") == wanted);
    memcpy(place, "WORKER", 6);
    CHECK_EQ(zdtm::read_file("/proc/self/cmdline").substr(0, 6), "WORKER");
    zdtm::pass();
}
