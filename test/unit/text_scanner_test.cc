// The cursor that all /proc parsers use.
#include "sys/text_scanner.h"

#include <catch2/catch.hpp>
#include <cstdint>

#include "base/error.h"

using crtool::Error;
using crtool::sys::TextScanner;

TEST_CASE("text_scanner reads numbers of every base") {
    TextScanner scanner("42 fffFFF 0777 -9223372036854775808 18446744073709551615", "test");
    CHECK(scanner.dec() == 42);
    scanner.skip_blanks();
    CHECK(scanner.hex() == 0xffffff);
    scanner.skip_blanks();
    CHECK(scanner.oct() == 0777);
    scanner.skip_blanks();
    CHECK(scanner.signed_dec() == INT64_MIN);
    scanner.skip_blanks();
    CHECK(scanner.dec() == UINT64_MAX);
    CHECK(scanner.at_end());
}

TEST_CASE("text_scanner refuses what is no number") {
    CHECK_THROWS_AS(TextScanner("", "test").dec(), Error);
    CHECK_THROWS_AS(TextScanner("x", "test").dec(), Error);
    CHECK_THROWS_AS(TextScanner("-1", "test").dec(), Error);
    CHECK_THROWS_AS(TextScanner("18446744073709551616", "test").dec(), Error);
    CHECK_THROWS_AS(TextScanner("10000000000000000", "test").hex(), Error);
    CHECK_THROWS_AS(TextScanner("9223372036854775808", "test").signed_dec(), Error);
    CHECK_THROWS_AS(TextScanner("2147483648", "test").signed_int(), Error);
    CHECK(TextScanner("-2147483648", "test").signed_int() == INT32_MIN);
}

TEST_CASE("text_scanner takes words, lines and parts") {
    TextScanner scanner("key: a b\nnext\tword\nlast", "test");
    CHECK(scanner.until(':') == "key");
    scanner.skip_blanks();
    CHECK(scanner.line() == "a b");
    CHECK(scanner.accept("next"));
    CHECK_FALSE(scanner.accept("next"));
    scanner.skip_blanks();
    CHECK(scanner.word() == "word");
    scanner.skip_blanks();
    CHECK(scanner.peek() == '\n');
    scanner.expect('\n');
    CHECK(scanner.line() == "last");
    CHECK(scanner.at_end());
    CHECK(scanner.peek() == '\0');
    CHECK_FALSE(scanner.accept('\0'));
    CHECK_THROWS_AS(scanner.until('x'), Error);
    CHECK_THROWS_AS(scanner.expect("x"), Error);
    CHECK(scanner.line().empty());
}

TEST_CASE("text_scanner says what it was reading") {
    CHECK_THROWS_WITH(TextScanner("ab\ncd", "limits").dec(),
                      Catch::Contains("limits") && Catch::Contains("'ab?cd'"));
}
