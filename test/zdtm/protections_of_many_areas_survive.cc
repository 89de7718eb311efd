// 30,000 areas of one page with changing rights keep rights and content, each its own.
#include <vector>

#include "memory.h"

namespace {

constexpr size_t kAreas = 30'000;
constexpr int kRights[] = {PROT_READ | PROT_WRITE, PROT_READ, PROT_NONE};

char* page_at(char* memory, size_t index) {
    return memory + index * zdtm::kPage;
}

// The lines of maps that lie in the memory, without the address range of the whole.
std::string areas_of(char* memory) {
    const std::string text = zdtm::read_file("/proc/self/maps");
    char first[32];
    char last[32];
    snprintf(first, sizeof(first), "%lx-", reinterpret_cast<unsigned long>(memory));
    snprintf(last, sizeof(last), "-%lx ", reinterpret_cast<unsigned long>(page_at(memory, kAreas)));
    const size_t begin = text.find(first);
    const size_t end = text.find(last);
    CHECK(begin != std::string::npos && end != std::string::npos);
    return text.substr(begin, end - begin);
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* memory = zdtm::map_anon((kAreas + 2) * zdtm::kPage) + zdtm::kPage;
    CHECK_SYS(mprotect(memory - zdtm::kPage, zdtm::kPage, PROT_EXEC));
    CHECK_SYS(mprotect(page_at(memory, kAreas), zdtm::kPage, PROT_EXEC));
    for (size_t i = 0; i < kAreas; i++) {
        if (i % 5 != 0) {
            *reinterpret_cast<size_t*>(page_at(memory, i)) = i * 7 + 1;
        }
        if (i % 3 != 0) {
            CHECK_SYS(mprotect(page_at(memory, i), zdtm::kPage, kRights[i % 3]));
        }
    }
    const std::string before = areas_of(memory);

    zdtm::checkpoint_here();

    CHECK(areas_of(memory) == before);
    CHECK_SYS(mprotect(memory, kAreas * zdtm::kPage, PROT_READ));
    for (size_t i = 0; i < kAreas; i++) {
        const size_t wanted = i % 5 != 0 ? i * 7 + 1 : 0;
        CHECK_EQ(*reinterpret_cast<size_t*>(page_at(memory, i)), wanted);
    }
    zdtm::pass();
}
