// The functions of a vdso, and how calls of one are led to another: on the running kernel's own.
#include "arch/x86_64/vdso.h"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "sys/proc_dir.h"
#include "sys/vdso_text.h"

using namespace crtool;

namespace {

std::string own_text() {
    return sys::own_vdso_text(sys::parse_maps(sys::ProcDir(getpid()).read("maps")));
}

uint64_t offset_of(std::string_view image, std::string_view name) {
    for (const arch::VdsoFunction& function : arch::vdso_functions(image))
        if (function.name == name)
            return function.offset;
    FAIL("no function " << name);
    return 0;
}

// A redirected copy of the own vdso, mapped to run.
class Copy {
  public:
    explicit Copy(std::string_view other) {
        std::string text = own_text();
        size_ = arch::kSpringboardBytes + text.size();
        place_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(place_ != MAP_FAILED);
        code_ = reinterpret_cast<uint64_t>(place_) + arch::kSpringboardBytes;
        std::string block = arch::redirected_vdso(text, code_, other, getauxval(AT_SYSINFO_EHDR));
        REQUIRE(block.size() == size_);
        std::memcpy(place_, block.data(), size_);
        REQUIRE(mprotect(place_, size_, PROT_READ | PROT_EXEC) == 0);
    }

    ~Copy() { munmap(place_, size_); }

    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;

    template <typename Function>
    Function* get(std::string_view name) const {
        return reinterpret_cast<Function*>(code_ + offset_of(own_text(), name));
    }

  private:
    void* place_ = nullptr;
    size_t size_ = 0;
    uint64_t code_ = 0;
};

void check_clocks(const Copy& copy) {
    auto* read_clock = copy.get<int(clockid_t, timespec*)>("__vdso_clock_gettime");
    for (clockid_t clock : {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_COARSE}) {
        timespec here{};
        timespec there{};
        REQUIRE(syscall(SYS_clock_gettime, clock, &here) == 0);
        REQUIRE(read_clock(clock, &there) == 0);
        CHECK(there.tv_sec - here.tv_sec <= 1);
        CHECK(there.tv_sec >= here.tv_sec);
    }
    unsigned cpu = ~0U;
    CHECK(copy.get<int(unsigned*, unsigned*, void*)>("__vdso_getcpu")(&cpu, nullptr, nullptr) == 0);
    CHECK(cpu < 65536);
    CHECK(std::abs(copy.get<time_t(time_t*)>("__vdso_time")(nullptr) - time(nullptr)) <= 1);
}

}  // namespace

TEST_CASE("vdso: the functions of the running kernel's") {
    std::string text = own_text();
    REQUIRE(!text.empty());
    CHECK(offset_of(text, "__vdso_clock_gettime") < text.size());
    CHECK(offset_of(text, "__vdso_getcpu") < text.size());
}

TEST_CASE("vdso: without a table of hashes the names end the table of symbols") {
    std::string text = own_text();
    auto all = arch::vdso_functions(text);
    // DT_HASH becomes a tag that nobody knows.
    for (size_t at = 0; at + 16 <= text.size(); at += 8) {
        uint64_t entry[2];
        std::memcpy(entry, text.data() + at, sizeof entry);
        if (entry[0] == 4 && entry[1] != 0 && entry[1] < 0x1000)
            text[at + 7] = 0x60;
    }
    CHECK(arch::vdso_functions(text) == all);
}

TEST_CASE("vdso: what is no vdso has no functions") {
    CHECK(arch::vdso_functions("").empty());
    CHECK(arch::vdso_functions(std::string(8192, '\0')).empty());
    std::string text = own_text();
    for (size_t size = 0; size < text.size(); size += 7)
        arch::vdso_functions({text.data(), size});
    for (size_t at = 0; at < 0x800; at++) {
        std::string broken = text;
        broken[at] = static_cast<char>(~broken[at]);
        arch::vdso_functions(broken);
        arch::same_vdso(broken, text);
    }
    CHECK_THROWS_AS(arch::redirected_vdso(std::string(8192, 'x'), 0x10000, {}, 0), Error);
}

TEST_CASE("vdso: the same is known by its build id") {
    std::string text = own_text();
    CHECK(arch::same_vdso(text, text));
    std::string patched = text;
    patched[offset_of(text, "__vdso_getcpu")] ^= 1;
    CHECK(arch::same_vdso(text, patched));
    CHECK_FALSE(arch::same_vdso(text, text + std::string(4096, '\0')));
    size_t id = text.find(std::string("\x14\0\0\0\x03\0\0\0GNU\0", 12));
    REQUIRE(id != std::string::npos);
    patched[id + 12] ^= 1;
    CHECK_FALSE(arch::same_vdso(text, patched));
}

TEST_CASE("vdso: calls go on to another one") {
    check_clocks(Copy(own_text()));
}

TEST_CASE("vdso: without another one calls become system calls") {
    Copy copy{std::string_view()};
    check_clocks(copy);
    auto all = arch::vdso_functions(own_text());
    if (std::ranges::find(all, "__vdso_getrandom", &arch::VdsoFunction::name) == all.end())
        return;
    auto* random = copy.get<long(void*, size_t, unsigned, void*, size_t)>("__vdso_getrandom");
    char bytes[16] = {};
    CHECK(random(bytes, sizeof bytes, 0, nullptr, 0) == sizeof bytes);
    CHECK(random(nullptr, 0, 0, bytes, ~size_t{0}) == -ENOSYS);
}
