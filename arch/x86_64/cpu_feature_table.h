// CPUID bits that matter to user space, by leaf, with the names of /proc/cpuinfo.
//
// Images store the names, so a name is never given another meaning; new bits are added freely (an
// old image simply does not ask for them).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace crtool::arch {

struct FeatureBit {
    int bit;
    std::string_view name;
};

enum CpuidRegister : uint8_t { kEax, kEbx, kEcx, kEdx };

struct FeatureWord {
    uint32_t leaf;
    uint32_t subleaf;
    CpuidRegister reg;
    std::span<const FeatureBit> features;
};

inline constexpr FeatureBit kLeaf1Ecx[] = {
    {0, "pni"},     {1, "pclmulqdq"}, {9, "ssse3"},  {12, "fma"},    {13, "cx16"},
    {19, "sse4_1"}, {20, "sse4_2"},   {22, "movbe"}, {23, "popcnt"}, {25, "aes"},
    {26, "xsave"},  {28, "avx"},      {29, "f16c"},  {30, "rdrand"},
};
inline constexpr FeatureBit kLeaf1Edx[] = {
    {0, "fpu"},      {4, "tsc"},  {8, "cx8"},   {11, "sep"}, {15, "cmov"},
    {19, "clflush"}, {23, "mmx"}, {24, "fxsr"}, {25, "sse"}, {26, "sse2"},
};
inline constexpr FeatureBit kLeaf7Ebx[] = {
    {0, "fsgsbase"},  {3, "bmi1"},        {4, "hle"},         {5, "avx2"},      {8, "bmi2"},
    {9, "erms"},      {11, "rtm"},        {16, "avx512f"},    {17, "avx512dq"}, {18, "rdseed"},
    {19, "adx"},      {21, "avx512ifma"}, {23, "clflushopt"}, {24, "clwb"},     {26, "avx512pf"},
    {27, "avx512er"}, {28, "avx512cd"},   {29, "sha_ni"},     {30, "avx512bw"}, {31, "avx512vl"},
};
inline constexpr FeatureBit kLeaf7Ecx[] = {
    {0, "prefetchwt1"},    {1, "avx512vbmi"},        {4, "ospke"},
    {5, "waitpkg"},        {6, "avx512_vbmi2"},      {8, "gfni"},
    {9, "vaes"},           {10, "vpclmulqdq"},       {11, "avx512_vnni"},
    {12, "avx512_bitalg"}, {14, "avx512_vpopcntdq"}, {22, "rdpid"},
    {25, "cldemote"},      {27, "movdiri"},          {28, "movdir64b"},
    {29, "enqcmd"},
};
inline constexpr FeatureBit kLeaf7Edx[] = {
    {2, "avx512_4vnniw"},       {3, "avx512_4fmaps"}, {4, "fsrm"},      {5, "uintr"},
    {8, "avx512_vp2intersect"}, {14, "serialize"},    {16, "tsxldtrk"}, {22, "amx_bf16"},
    {23, "avx512_fp16"},        {24, "amx_tile"},     {25, "amx_int8"},
};
inline constexpr FeatureBit kLeaf7Sub1Eax[] = {
    {0, "sha512"},      {1, "sm3"},       {2, "sm4"},    {3, "rao_int"}, {4, "avx_vnni"},
    {5, "avx512_bf16"}, {7, "cmpccxadd"}, {10, "fzrm"},  {11, "fsrs"},   {12, "fsrc"},
    {21, "amx_fp16"},   {23, "avx_ifma"}, {31, "movrs"},
};
inline constexpr FeatureBit kLeaf7Sub1Edx[] = {
    {4, "avx_vnni_int8"}, {5, "avx_ne_convert"}, {8, "amx_complex"}, {10, "avx_vnni_int16"},
    {14, "prefetchi"},    {15, "user_msr"},      {19, "avx10"},      {21, "apx_f"},
};
inline constexpr FeatureBit kLeafDSub1Eax[] = {
    {0, "xsaveopt"},
    {1, "xsavec"},
    {2, "xgetbv1"},
    {4, "xfd"},
};
inline constexpr FeatureBit kLeaf14Ebx[] = {{4, "ptwrite"}};
inline constexpr FeatureBit kLeaf19Ebx[] = {{0, "kl"}, {2, "aeskle_wide"}};
inline constexpr FeatureBit kExtended1Ecx[] = {
    {0, "lahf_lm"}, {5, "abm"},  {6, "sse4a"}, {7, "misalignsse"}, {8, "3dnowprefetch"},
    {11, "xop"},    {15, "lwp"}, {16, "fma4"}, {21, "tbm"},        {29, "mwaitx"},
};
inline constexpr FeatureBit kExtended1Edx[] = {
    {11, "syscall"}, {22, "mmxext"},   {25, "fxsr_opt"}, {27, "rdtscp"},
    {29, "lm"},      {30, "3dnowext"}, {31, "3dnow"},
};
inline constexpr FeatureBit kExtended8Ebx[] = {
    {0, "clzero"},
    {2, "xsaveerptr"},
    {4, "rdpru"},
    {9, "wbnoinvd"},
};

inline constexpr FeatureWord kFeatureWords[] = {
    {0x1, 0, kEcx, kLeaf1Ecx},
    {0x1, 0, kEdx, kLeaf1Edx},
    {0x7, 0, kEbx, kLeaf7Ebx},
    {0x7, 0, kEcx, kLeaf7Ecx},
    {0x7, 0, kEdx, kLeaf7Edx},
    {0x7, 1, kEax, kLeaf7Sub1Eax},
    {0x7, 1, kEdx, kLeaf7Sub1Edx},
    {0xd, 1, kEax, kLeafDSub1Eax},
    {0x14, 0, kEbx, kLeaf14Ebx},
    {0x19, 0, kEbx, kLeaf19Ebx},
    {0x80000001, 0, kEcx, kExtended1Ecx},
    {0x80000001, 0, kEdx, kExtended1Edx},
    {0x80000008, 0, kEbx, kExtended8Ebx},
};

}  // namespace crtool::arch
