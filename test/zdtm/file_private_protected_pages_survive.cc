// Changed pages of a private file mapping that lie side by side survive, of which some may no
// longer be written: the relocated and then protected tables of a program are like that.
#include "memory.h"

namespace {

constexpr size_t kPages = 6;
constexpr int kRights[kPages] = {
    PROT_READ | PROT_WRITE, PROT_READ, PROT_READ | PROT_WRITE, PROT_NONE, PROT_READ,
    PROT_READ | PROT_EXEC};

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(open(zdtm::path("file").c_str(), O_RDWR | O_CREAT, 0600));
    CHECK_SYS(ftruncate(fd, kPages * zdtm::kPage));
    void* raw = mmap(nullptr, kPages * zdtm::kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    char* memory = static_cast<char*>(CHECK_SYS(raw));
    zdtm::fill(memory, kPages * zdtm::kPage, 7);
    for (size_t page = 0; page < kPages; page++)
        CHECK_SYS(mprotect(memory + page * zdtm::kPage, zdtm::kPage, kRights[page]));

    zdtm::checkpoint_here();

    for (size_t page = 0; page < kPages; page++)
        if ((kRights[page] & PROT_WRITE) == 0)
            CHECK_EQ(zdtm::fault_of(memory + page * zdtm::kPage, true), SIGSEGV);
    CHECK_EQ(zdtm::fault_of(memory + 3 * zdtm::kPage, false), SIGSEGV);
    CHECK_SYS(mprotect(memory, kPages * zdtm::kPage, PROT_READ));
    CHECK(zdtm::holds(memory, kPages * zdtm::kPage, 7));
    zdtm::pass();
}
