// Memory from the hugetlb pool is not carried; a dump says so and leaves the task as it was.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_NORESERVE;
    void* memory = mmap(nullptr, 2 << 20, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) {
        zdtm::skip("this kernel maps no huge pages");
    }

    zdtm::checkpoint_here();

    CHECK(zdtm::has_vm_flag(memory, "ht"));
    zdtm::pass();
}
