// XXH3 with what every x86_64 CPU has.
#define CRTOOL_DIGEST digest_sse2
#include "parasite/blob/digest.inc"
