# Writes blob_bytes.{h,cc} from the raw blob: its bytes, and the offset of every global symbol of
# the ELF as kBlobOffset_<name>.
file(READ ${BIN} hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
execute_process(COMMAND ${NM} --defined-only --extern-only ${ELF}
                OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[0-9a-f]+ [A-Za-z] [A-Za-z][A-Za-z0-9_]*" symbols "${symbols}")
set(offsets "")
foreach(symbol IN LISTS symbols)
    string(REGEX MATCH "^([0-9a-f]+) [A-Za-z] (.*)$" matched "${symbol}")
    set(name ${CMAKE_MATCH_2})
    set(address ${CMAKE_MATCH_1})
    if(NOT name MATCHES "^_Z")
        string(APPEND offsets "inline constexpr size_t kBlobOffset_${name} = 0x${address};\n")
    endif()
endforeach()
file(WRITE ${OUT}/blob_bytes.h "// Generated: the blob as bytes, and where its symbols are in it.
#pragma once

#include <cstddef>

namespace crtool::parasite {

extern const unsigned char kBlob[];
extern const size_t kBlobSize;
${offsets}
}  // namespace crtool::parasite
")
file(WRITE ${OUT}/blob_bytes.cc "// Generated from blob.bin.
#include \"parasite/blob_bytes.h\"

namespace crtool::parasite {

alignas(4096) const unsigned char kBlob[] = {
${bytes}};
const size_t kBlobSize = sizeof(kBlob);

}  // namespace crtool::parasite
")
