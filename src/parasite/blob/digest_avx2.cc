// XXH3 with AVX2, about twice as fast; the host asks for it when the CPU has it.
#pragma GCC target("avx2")
#define CRTOOL_DIGEST digest_avx2
#include "parasite/blob/digest.inc"
