// Pages that were only read (the kernel's zero page) and pages written with zeros both read as
// zeros afterwards, and what was merely read does not grow the resident set.
#include "memory.h"

namespace {

constexpr size_t kSize = 64 * 1024 * 1024;

}  // namespace

int main(int argc, char** argv) {
    zdtm::init(argc, argv);
    char* only_read = zdtm::map_anon(kSize);
    char* written = zdtm::map_anon(kSize / 16);
    CHECK_SYS(madvise(only_read, kSize, MADV_NOHUGEPAGE));
    CHECK(zdtm::is_zero(only_read, kSize));
    memset(written, 0, kSize / 16);
    written[5 * zdtm::kPage + 17] = 'x';
    const long resident = zdtm::status_kb("VmRSS");
    CHECK(resident < 40 * 1024);

    zdtm::checkpoint_here();

    CHECK(zdtm::status_kb("VmRSS") < resident + 4096);
    CHECK_EQ(written[5 * zdtm::kPage + 17], 'x');
    written[5 * zdtm::kPage + 17] = 0;
    CHECK(zdtm::is_zero(written, kSize / 16));
    CHECK(zdtm::is_zero(only_read, kSize));
    only_read[kSize / 2] = 1;
    CHECK_EQ(only_read[kSize / 2], 1);
    zdtm::pass();
}
