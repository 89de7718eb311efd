// A BPF map is refused; what it holds stays.
#include <linux/bpf.h>
#include <sys/syscall.h>

#include <cstdint>

#include "zdtm.h"

namespace {

long bpf(bpf_cmd command, bpf_attr& attributes) {
    return syscall(SYS_bpf, command, &attributes, sizeof(attributes));
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    bpf_attr create = {};
    create.map_type = BPF_MAP_TYPE_ARRAY;
    create.key_size = 4;
    create.value_size = 8;
    create.max_entries = 1;
    const long map = bpf(BPF_MAP_CREATE, create);
    if (map == -1) {
        zdtm::skip("the kernel gives no BPF map");
    }
    uint32_t key = 0;
    uint64_t value = 77;
    bpf_attr element = {};
    element.map_fd = static_cast<uint32_t>(map);
    element.key = reinterpret_cast<uintptr_t>(&key);
    element.value = reinterpret_cast<uintptr_t>(&value);
    CHECK_SYS(bpf(BPF_MAP_UPDATE_ELEM, element));

    zdtm::checkpoint_here();

    value = 0;
    CHECK_SYS(bpf(BPF_MAP_LOOKUP_ELEM, element));
    CHECK_EQ(value, 77u);
    zdtm::pass();
}
