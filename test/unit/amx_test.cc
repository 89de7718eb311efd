// Which XSAVE areas and permissions are of AMX.
#include "arch/x86_64/amx.h"

#include <catch2/catch.hpp>
#include <string>

using namespace crtool;

TEST_CASE("amx: tiles that hold something are told by the header of an XSAVE area") {
    std::string xstate(1024, '\0');
    CHECK_FALSE(arch::uses_tiles(xstate));
    xstate[512] = 0x07;  // x87, SSE, AVX
    CHECK_FALSE(arch::uses_tiles(xstate));
    xstate[514] = 0x02;  // TILECFG
    CHECK(arch::uses_tiles(xstate));
    xstate[514] = 0x04;  // TILEDATA
    CHECK(arch::uses_tiles(xstate));
    CHECK_FALSE(arch::uses_tiles(xstate.substr(0, 515)));
}

TEST_CASE("amx: the permission for tiles is that for their data") {
    CHECK_FALSE(arch::may_use_tiles(0x207));
    CHECK_FALSE(arch::may_use_tiles(0x20207));
    CHECK(arch::may_use_tiles(0x60207));
}
