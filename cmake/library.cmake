# crtool_library(NAME DEPENDS target...): the static library of the current directory.
#
# Takes every *.cc file of the directory. A directory without sources (headers only) becomes an
# INTERFACE library, so that dependants need not care.
function(crtool_library name)
    cmake_parse_arguments(ARG "" "" "DEPENDS;SOURCES" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
    list(APPEND sources ${ARG_SOURCES})
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} crtool_flags PRIVATE crtool_warnings)
        set(scope PUBLIC)
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE ${ARG_DEPENDS} crtool_flags)
        set(scope INTERFACE)
    endif()
    target_include_directories(${name} ${scope} ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
endfunction()
