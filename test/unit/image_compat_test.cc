// The verdict on another machine.
#include <catch2/catch.hpp>

#include "base/error.h"
#include "image/compat.h"

using namespace crtool;
using namespace crtool::image;
using Catch::Contains;

namespace {

Inventory inventory() {
    Inventory inventory;
    inventory.set_machine("x86_64");
    Cpu& cpu = *inventory.mutable_cpu();
    cpu.set_vendor("AuthenticAMD");
    for (const char* name : {"avx", "avx512f", "sse2", "vaes"})
        cpu.add_features(name);
    cpu.set_xcr0(0xe7);
    cpu.set_xsave_size(2696);
    return inventory;
}

CpuInfo same() {
    return {"x86_64", "AuthenticAMD", {"vaes", "sse2", "avx512f", "avx"}, 0xe7, 2696};
}

}  // namespace

TEST_CASE("compat: the same machine, and a better one") {
    CHECK_NOTHROW(check_machine(inventory(), same()));
    CpuInfo better = same();
    better.features.emplace_back("amx_tile");
    better.xcr0 |= 0x60000;
    better.xsave_size = 11008;
    CHECK_NOTHROW(check_machine(inventory(), better));
}

TEST_CASE("compat: all that is missing is named") {
    CpuInfo old = same();
    old.features = {"sse2", "avx"};
    CHECK(missing_features(inventory(), old) == std::vector<std::string>{"avx512f", "vaes"});
    CHECK_THROWS_WITH(check_machine(inventory(), old), Contains("avx512f, vaes"));
}

TEST_CASE("compat: machine, register state and its size") {
    CpuInfo other = same();
    other.machine = "aarch64";
    CHECK_THROWS_WITH(check_machine(inventory(), other), Contains("aarch64"));
    other = same();
    other.xcr0 = 0x7;
    CHECK_THROWS_WITH(check_machine(inventory(), other), Contains("0xe0"));
    other = same();
    other.xsave_size = 832;
    CHECK_THROWS_WITH(check_machine(inventory(), other), Contains("2696"));
}
