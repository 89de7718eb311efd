// A cursor over kernel text, for the /proc parsers: no copies, no locale, no allocation.
//
// A scanner is given the name of what it reads; anything unexpected throws Errc::internal with that
// name and the text at which it stopped, since the kernel's formats are fixed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace crtool::sys {

class TextScanner {
  public:
    // `what` names the text in errors ("maps"); it and the text must outlive the scanner.
    TextScanner(std::string_view text, const char* what)
        : next_(text.data()), end_(text.data() + text.size()), what_(what) {}

    bool at_end() const { return next_ == end_; }

    // The next character, 0 at the end.
    char peek() const { return next_ == end_ ? '\0' : *next_; }

    // All that has not been read yet.
    std::string_view rest() const { return {next_, static_cast<size_t>(end_ - next_)}; }

    // Whether the text goes on with this.
    bool at(std::string_view text) const { return rest().starts_with(text); }

    // Steps over `count` characters, which must be there.
    void skip(size_t count) { next_ += count; }

    // Skips spaces and tabs, never a newline.
    void skip_blanks() {
        while (next_ != end_ && (*next_ == ' ' || *next_ == '\t'))
            ++next_;
    }

    // Takes the character or string when it is next; says whether it was.
    bool accept(char c) {
        if (peek() != c || next_ == end_)
            return false;
        ++next_;
        return true;
    }

    bool accept(std::string_view text) {
        if (!rest().starts_with(text))
            return false;
        next_ += text.size();
        return true;
    }

    // Takes the character or string, or throws.
    void expect(char c) {
        if (!accept(c))
            fail_here("unexpected text");
    }

    void expect(std::string_view text) {
        if (!accept(text))
            fail_here("unexpected text");
    }

    // Numbers: at least one digit, no sign (but for signed_*), no overflow; else throws.
    uint64_t dec();
    uint64_t hex();
    uint64_t oct();
    int64_t signed_dec();
    // A decimal number that must fit an int, with sign.
    int signed_int();

    // Characters up to the next blank, newline or the end; may be empty.
    std::string_view word();
    // Characters up to `stop`, which is taken too; throws when there is none.
    std::string_view until(char stop);
    // The rest of the line, its newline taken and not returned.
    std::string_view line();

    [[noreturn]] void fail_here(const char* why) const;

  private:
    uint64_t number(unsigned base);

    const char* next_;
    const char* end_;
    const char* what_;
};

}  // namespace crtool::sys
