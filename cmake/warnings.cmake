# Warnings and code generation flags for the project's own code, as an INTERFACE target.
add_library(crtool_warnings INTERFACE)
target_compile_options(crtool_warnings INTERFACE
    -Wall -Wextra -Werror -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
    -Wformat=2 -Wvla -Wimplicit-fallthrough
    # Kernel structures are filled by designated initialisers; what is not named is zero.
    -Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 sees overlaps in operator+ of std::string that are none (GCC bug 105651).
    target_compile_options(crtool_warnings INTERFACE -Wduplicated-cond -Wlogical-op -Wno-restrict)
endif()

add_library(crtool_flags INTERFACE)
target_compile_options(crtool_flags INTERFACE -ffunction-sections -fdata-sections)
target_link_options(crtool_flags INTERFACE -Wl,--gc-sections)
if(CRTOOL_FAULTS)
    target_compile_definitions(crtool_flags INTERFACE CRTOOL_FAULTS=1)
endif()
if(CRTOOL_SANITIZE)
    target_compile_options(crtool_flags INTERFACE
        -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
    target_link_options(crtool_flags INTERFACE -fsanitize=address,undefined)
endif()
if(CRTOOL_STATIC)
    # Not position independent: no relocation at start, and a start within a millisecond.
    target_compile_options(crtool_flags INTERFACE -fno-pie)
    target_link_options(crtool_flags INTERFACE -static -no-pie)
endif()
