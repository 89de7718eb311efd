// Which numbers the descriptors of a restore itself have.
#include "restore/service_range.h"

#include <catch2/catch.hpp>

using crtool::restore::service_range;
using crtool::restore::ServiceRange;

namespace {

constexpr uint32_t kEnd = crtool::restore::kLastFd;

void check(ServiceRange range, uint32_t first, uint32_t last) {
    CHECK(range.first == first);
    CHECK(range.last == last);
}

}  // namespace

TEST_CASE("service_range: above all others where there is room") {
    check(service_range({0, 1, 2}, 1024), 67, kEnd);
    check(service_range({}, 1024), 64, kEnd);
    check(service_range({500, 2, 100}, 1024), 565, kEnd);
}

TEST_CASE("service_range: between others where they leave no room above") {
    check(service_range({0, 19990, 19991, 19999}, 20000), 65, 19989);
    check(service_range({0, 200, 900, 1023}, 1024), 265, 899);
    check(service_range({0, 900}, 1024), 65, 899);
    check(service_range({0, 21, 31}, 32), 10, 20);
}
