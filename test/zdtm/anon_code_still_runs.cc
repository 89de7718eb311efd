// Machine code that a program wrote into anonymous memory runs after a restore, from an area that
// is executable and not writable, and from one that is both.
#include <array>

#include "memory.h"

namespace {

// mov eax, imm32; ret
std::array<unsigned char, 6> returns(unsigned char value) {
    return {0xb8, value, 0x01, 0x00, 0x00, 0xc3};
}

int call(const char* code) {
    return reinterpret_cast<int (*)()>(reinterpret_cast<uintptr_t>(code))();
}

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* code = zdtm::map_anon(2 * zdtm::kPage);
    const int all = PROT_READ | PROT_WRITE | PROT_EXEC;
    char* both = zdtm::map_anon(2 * zdtm::kPage, MAP_PRIVATE, all);
    memcpy(code, returns(0x11).data(), 6);
    memcpy(code + zdtm::kPage, returns(0x22).data(), 6);
    memcpy(both + 100, returns(0x33).data(), 6);
    CHECK_SYS(mprotect(code, 2 * zdtm::kPage, PROT_READ | PROT_EXEC));
    CHECK_EQ(call(code), 0x111);

    zdtm::checkpoint_here();

    CHECK_EQ(call(code), 0x111);
    CHECK_EQ(call(code + zdtm::kPage), 0x122);
    CHECK_EQ(call(both + 100), 0x133);
    CHECK_EQ(zdtm::fault_of(code, true), SIGSEGV);
    memcpy(both + 100, returns(0x44).data(), 6);
    CHECK_EQ(call(both + 100), 0x144);
    zdtm::pass();
}
