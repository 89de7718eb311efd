# The libraries of Debian 12 that crtool is built with.
#
# Debian ships {fmt} and spdlog as shared objects and headers only, so {fmt} is compiled here once
# from its installed headers; spdlog is used as headers, by src/base/log.cc alone.
if(CRTOOL_STATIC)
    set(Protobuf_USE_STATIC_LIBS ON)
    set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()
find_package(Threads REQUIRED)
find_package(Protobuf REQUIRED)

find_library(XXHASH_LIBRARY xxhash REQUIRED)
find_library(ZLIB_LIBRARY z REQUIRED)
find_library(LIBNL_LIBRARY nl-3 REQUIRED)
find_path(LIBNL_INCLUDE_DIR netlink/netlink.h PATH_SUFFIXES libnl3 REQUIRED)
find_path(CLI11_INCLUDE_DIR CLI/CLI.hpp REQUIRED)
find_path(SPDLOG_INCLUDE_DIR spdlog/spdlog.h REQUIRED)
find_path(FMT_INCLUDE_DIR fmt/format-inl.h REQUIRED)

file(WRITE ${CMAKE_BINARY_DIR}/fmt_library.cc.in [=[
#include <fmt/format-inl.h>
FMT_BEGIN_NAMESPACE
namespace detail {
template auto dragonbox::to_decimal(float) noexcept -> dragonbox::decimal_fp<float>;
template auto dragonbox::to_decimal(double) noexcept -> dragonbox::decimal_fp<double>;
template locale_ref::locale_ref(const std::locale&);
template auto locale_ref::get<std::locale>() const -> std::locale;
template auto thousands_sep_impl(locale_ref) -> thousands_sep_result<char>;
template auto decimal_point_impl(locale_ref) -> char;
template void buffer<char>::append(const char*, const char*);
template void vformat_to(buffer<char>&, string_view, basic_format_args<FMT_BUFFER_CONTEXT(char)>,
                         locale_ref);
}  // namespace detail
FMT_END_NAMESPACE
]=])
configure_file(${CMAKE_BINARY_DIR}/fmt_library.cc.in ${CMAKE_BINARY_DIR}/fmt_library.cc COPYONLY)
add_library(fmt STATIC ${CMAKE_BINARY_DIR}/fmt_library.cc)
target_include_directories(fmt SYSTEM PUBLIC ${FMT_INCLUDE_DIR})
target_compile_options(fmt PRIVATE -fvisibility=hidden)
target_link_libraries(fmt PUBLIC crtool_flags)
