// Memory under a protection key is not carried; a dump says so and leaves the task as it was.
#include "memory.h"

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* memory = zdtm::map_anon(zdtm::kPage);
    const int key = CHECK_SYS(pkey_alloc(0, 0));
    CHECK_SYS(pkey_mprotect(memory, zdtm::kPage, PROT_READ | PROT_WRITE, key));

    zdtm::checkpoint_here();

    CHECK_EQ(zdtm::field(zdtm::smaps_of(memory), "ProtectionKey"), std::to_string(key));
    zdtm::pass();
}
