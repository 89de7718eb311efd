// See cpu_features.h. Bits are those of Intel's SDM (volume 2A, CPUID) and AMD's APM (volume 3,
// appendix E); only what user space can execute or observe is listed: the rest (virtualisation,
// power, machine checks) may differ between dump and restore without any program knowing.
#include "arch/x86_64/cpu_features.h"

#include <cpuid.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "arch/x86_64/cpu_feature_table.h"

namespace crtool::arch {
namespace {

using Registers = std::array<uint32_t, 4>;  // eax, ebx, ecx, edx

constexpr uint32_t kExtendedLeaves = 0x80000000;
constexpr uint32_t kOsXsave = 1U << 27;  // leaf 1, ecx: the kernel has enabled XSAVE

// Asks each leaf once: in a virtual machine every CPUID is an exit to the host of some 5 us, and
// the table has many words of one leaf.
class Cpuid {
  public:
    // All zeros for a leaf that the CPU does not have.
    const Registers& leaf(uint32_t leaf, uint32_t subleaf) {
        uint32_t base = leaf & kExtendedLeaves;
        return leaf == base || leaf <= ask(base, 0)[0] ? ask(leaf, subleaf) : kNone;
    }

  private:
    static constexpr Registers kNone{};

    const Registers& ask(uint32_t leaf, uint32_t subleaf) {
        auto [answer, is_new] = answers_.try_emplace({leaf, subleaf});
        Registers& r = answer->second;
        if (is_new)
            __cpuid_count(leaf, subleaf, r[0], r[1], r[2], r[3]);
        return r;
    }

    std::map<std::pair<uint32_t, uint32_t>, Registers> answers_;
};

uint64_t read_xcr0(Cpuid& cpuid) {
    if ((cpuid.leaf(1, 0)[2] & kOsXsave) == 0)
        return 0;
    uint32_t low = 0;
    uint32_t high = 0;
    // xgetbv of register 0, as bytes: needs no -mxsave.
    asm volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
    return static_cast<uint64_t>(high) << 32 | low;
}

std::string read_vendor(Cpuid& cpuid) {
    const Registers& r = cpuid.leaf(0, 0);
    char text[12];
    memcpy(text, &r[1], 4);
    memcpy(text + 4, &r[3], 4);
    memcpy(text + 8, &r[2], 4);
    return std::string(text, sizeof(text));
}

std::vector<std::string> read_names(Cpuid& cpuid) {
    std::vector<std::string> names;
    for (const FeatureWord& word : kFeatureWords) {
        // What a subleaf beyond the last one (subleaf 0 tells it in eax) answers is not defined.
        if (word.leaf == 7 && word.subleaf > cpuid.leaf(7, 0)[0])
            continue;
        uint32_t bits = cpuid.leaf(word.leaf, word.subleaf)[word.reg];
        for (const FeatureBit& feature : word.features)
            if ((bits >> feature.bit & 1) != 0)
                names.emplace_back(feature.name);
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

CpuFeatures read_cpu_features() {
    CpuFeatures features;
    Cpuid cpuid;
    features.vendor = read_vendor(cpuid);
    features.names = read_names(cpuid);
    features.xcr0 = read_xcr0(cpuid);
    if (features.xcr0 != 0)
        features.xsave_size = cpuid.leaf(0xd, 0)[1];
    return features;
}

}  // namespace

const CpuFeatures& cpu_features() {
    static const CpuFeatures kFeatures = read_cpu_features();
    return kFeatures;
}

std::vector<std::string> missing_features(std::span<const std::string> image_names,
                                          uint64_t image_xcr0, const CpuFeatures& here) {
    std::vector<std::string> missing;
    for (const std::string& name : image_names)
        if (!std::binary_search(here.names.begin(), here.names.end(), name))
            missing.push_back(name);
    uint64_t lost = image_xcr0 & ~here.xcr0;
    for (int bit = 0; bit < 64; ++bit)
        if ((lost >> bit & 1) != 0)
            missing.push_back("xcr0:" + std::to_string(bit));
    std::sort(missing.begin(), missing.end());
    return missing;
}

}  // namespace crtool::arch
