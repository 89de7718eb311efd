// Probes of the kernel and of the CPU. What works depends on the machine; that they are safe,
// named and consistent does not.
#include "sys/features.h"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "arch/x86_64/cpu_features.h"
#include "sys/proc_dir.h"

using namespace crtool;

TEST_CASE("features: all probes run and leave nothing behind") {
    sys::ProcDir self(::getpid());
    std::vector<int> fds = self.fds();
    std::vector<pid_t> children = self.children();
    std::vector<sys::Feature> features = sys::probe_features();
    CHECK(self.fds() == fds);
    CHECK(self.children() == children);
    std::set<std::string_view> names;
    for (const sys::Feature& feature : features) {
        CHECK_FALSE(feature.purpose.empty());
        CHECK(names.insert(feature.name).second);
        CHECK((feature.works || !feature.detail.empty()));
    }
}

TEST_CASE("features: by name, aliases included") {
    for (std::string_view name : {"mem_dirty_track", "uffd", "uffd-noncoop", "lazy_pages",
                                  "pidfd_store", "set_robust_list", "clone3_set_tid"})
        CHECK(sys::probe_feature(name).has_value());
    CHECK(sys::probe_feature("lazy_pages")->name == "uffd-noncoop");
    CHECK(sys::probe_feature("no_such_thing") == std::nullopt);
    std::vector<std::string_view> names = sys::feature_names();
    std::set<std::string_view> distinct(names.begin(), names.end());
    CHECK(distinct.size() == names.size());
}

TEST_CASE("features: what every supported kernel can do") {
    CHECK(sys::probe_feature("set_robust_list")->works);
    CHECK(sys::probe_feature("mnt_id")->works);
    CHECK(sys::probe_feature("timerfd")->works);
}

TEST_CASE("cpu_features: every x86-64 has these") {
    arch::CpuFeatures here = arch::cpu_features();
    CHECK(std::is_sorted(here.names.begin(), here.names.end()));
    for (const char* name : {"fpu", "sse", "sse2", "lm", "syscall", "fxsr", "tsc"})
        CHECK(std::binary_search(here.names.begin(), here.names.end(), name));
    CHECK_FALSE(here.vendor.empty());
    if (here.xcr0 != 0)
        CHECK(here.xsave_size >= 512 + 64);
}

TEST_CASE("cpu_features: an image of this machine runs here") {
    arch::CpuFeatures here = arch::cpu_features();
    CHECK(arch::missing_features(here.names, here.xcr0, here).empty());
}

TEST_CASE("cpu_features: what is missing is named") {
    arch::CpuFeatures here;
    here.names = {"avx", "sse"};
    here.xcr0 = 7;
    std::vector<std::string> image{"avx", "avx512f", "amx_tile", "sse"};
    std::vector<std::string> expected{"amx_tile", "avx512f", "xcr0:9"};
    CHECK(arch::missing_features(image, 7 | 1 << 9, here) == expected);
    CHECK(arch::missing_features({}, 0, here).empty());
}
