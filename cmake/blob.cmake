# crtool_blob(): the code that runs inside other tasks, as bytes in crtool.
#
# Compiled freestanding and never sanitised, linked by arch/<machine>/blob/blob.lds, cut to raw
# bytes and embedded as crtool::parasite::kBlob (header parasite/blob_bytes.h, generated). Sets
# BLOB_SOURCES in the caller's scope to the generated source, or to nothing while there is no blob.
set(BLOB_FLAGS
    -ffreestanding -nostdlib -fno-exceptions -fno-rtti -fno-stack-protector -fpie
    -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-threadsafe-statics
    -fvisibility=hidden -fcf-protection=none -fno-plt -fno-jump-tables
    # The blob is entered with the stack of its own arena; no red zone keeps a signal frame that is
    # written below rsp harmless.
    -mno-red-zone
    # No calls to memcpy and memset out of loops: there is no C library.
    -fno-builtin -fno-tree-loop-distribute-patterns -O2)

# Vector registers are for the digests alone, which work in dumped tasks: theirs are saved before,
# and come back with PTRACE_SETREGSET or with the signal frame. All else stays without.
set(BLOB_SCALAR_FLAGS -mgeneral-regs-only)

function(crtool_blob)
    set(arch_dir ${PROJECT_SOURCE_DIR}/arch/${CMAKE_SYSTEM_PROCESSOR}/blob)
    file(GLOB sources CONFIGURE_DEPENDS
         ${CMAKE_CURRENT_SOURCE_DIR}/blob/*.cc ${arch_dir}/*.S ${arch_dir}/*.cc)
    set(BLOB_SOURCES "" PARENT_SCOPE)
    if(NOT sources OR NOT EXISTS ${arch_dir}/blob.lds)
        return()
    endif()
    file(GLOB vector_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/blob/digest_*.cc)
    list(REMOVE_ITEM sources ${vector_sources})
    add_library(blob_objects OBJECT ${sources})
    add_library(blob_vector_objects OBJECT ${vector_sources})
    foreach(library blob_objects blob_vector_objects)
        target_include_directories(${library} PRIVATE
                                   ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
        target_compile_options(${library} PRIVATE
            $<$<COMPILE_LANGUAGE:CXX>:${BLOB_FLAGS}> -Wall -Wextra -Werror)
        # clang does not know all of these flags.
        set_target_properties(${library} PROPERTIES CXX_CLANG_TIDY "")
        if(CRTOOL_FAULTS)
            target_compile_definitions(${library} PRIVATE CRTOOL_FAULTS=1)
        endif()
    endforeach()
    target_compile_options(blob_objects PRIVATE
        $<$<COMPILE_LANGUAGE:CXX>:${BLOB_SCALAR_FLAGS}>)
    set(objects $<TARGET_OBJECTS:blob_objects> $<TARGET_OBJECTS:blob_vector_objects>)

    set(elf ${CMAKE_BINARY_DIR}/blob/blob.elf)
    set(bin ${CMAKE_BINARY_DIR}/blob/blob.bin)
    set(out ${CMAKE_BINARY_DIR}/generated/parasite)
    file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/blob ${out})
    add_custom_command(
        OUTPUT ${elf} ${bin} ${out}/blob_bytes.cc ${out}/blob_bytes.h
        COMMAND ${CMAKE_LINKER} -nostdlib -static --no-dynamic-linker -z noexecstack
                --build-id=none --no-undefined -T ${arch_dir}/blob.lds -o ${elf}
                ${objects}
        COMMAND ${CMAKE_OBJCOPY} -O binary ${elf} ${bin}
        COMMAND ${CMAKE_COMMAND} -DBIN=${bin} -DELF=${elf} -DNM=${CMAKE_NM} -DOUT=${out}
                -P ${PROJECT_SOURCE_DIR}/cmake/embed_blob.cmake
        DEPENDS blob_objects blob_vector_objects ${objects} ${arch_dir}/blob.lds
                ${PROJECT_SOURCE_DIR}/cmake/embed_blob.cmake
        COMMAND_EXPAND_LISTS VERBATIM)
    set(BLOB_SOURCES ${out}/blob_bytes.cc ${out}/blob_bytes.h PARENT_SCOPE)
    add_test(NAME blob.clean COMMAND ${PROJECT_SOURCE_DIR}/cmake/check_blob.sh ${elf}
             ${objects} COMMAND_EXPAND_LISTS)
    set_tests_properties(blob.clean PROPERTIES LABELS unit)
endfunction()
