// A private file mapping keeps the pages that were changed; its other pages are still those of
// the file, so that a later write to the file shows through them.
#include "memory.h"

namespace {

constexpr size_t kPages = 8;

void write_page(int fd, size_t page, unsigned seed) {
    char buffer[zdtm::kPage];
    zdtm::fill(buffer, sizeof(buffer), seed);
    CHECK_EQ(pwrite(fd, buffer, sizeof(buffer), static_cast<off_t>(page * zdtm::kPage)),
             zdtm::kPage);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    const int fd = CHECK_SYS(open(zdtm::path("file").c_str(), O_RDWR | O_CREAT, 0600));
    for (size_t page = 0; page < kPages; page++) {
        write_page(fd, page, static_cast<unsigned>(page));
    }
    const int protection = PROT_READ | PROT_WRITE;
    void* raw = mmap(nullptr, (kPages + 1) * zdtm::kPage, protection, MAP_PRIVATE, fd, 0);
    char* memory = static_cast<char*>(CHECK_SYS(raw));
    zdtm::fill(memory + 1 * zdtm::kPage, zdtm::kPage, 101);
    zdtm::fill(memory + 3 * zdtm::kPage, zdtm::kPage, 103);
    CHECK_EQ(memory[4 * zdtm::kPage], static_cast<char>(zdtm::pattern_at(0, 4)));

    zdtm::checkpoint_here();

    write_page(fd, 4, 204);
    write_page(fd, 3, 203);
    const unsigned seeds[kPages] = {0, 101, 2, 103, 204, 5, 6, 7};
    for (size_t page = 0; page < kPages; page++) {
        CHECK(zdtm::holds(memory + page * zdtm::kPage, zdtm::kPage, seeds[page]));
    }
    CHECK_EQ(zdtm::fault_of(memory + kPages * zdtm::kPage, false), SIGBUS);
    char buffer[zdtm::kPage];
    CHECK_EQ(pread(fd, buffer, sizeof(buffer), zdtm::kPage), zdtm::kPage);
    CHECK(zdtm::holds(buffer, sizeof(buffer), 1));
    zdtm::pass();
}
