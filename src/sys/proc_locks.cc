// See proc_locks.h.
#include "sys/proc_locks.h"

#include "sys/text_scanner.h"

namespace crtool::sys {
namespace {

std::string_view next_word(TextScanner& scanner) {
    scanner.skip_blanks();
    return scanner.word();
}

std::optional<FileLock::Kind> kind_of(std::string_view word) {
    if (word == "FLOCK")
        return FileLock::Kind::flock;
    if (word == "POSIX")
        return FileLock::Kind::posix;
    if (word == "OFDLCK")
        return FileLock::Kind::ofd;
    if (word == "LEASE")
        return FileLock::Kind::lease;
    return std::nullopt;
}

}  // namespace

std::optional<FileLock> parse_lock(std::string_view line) {
    TextScanner scanner(line, "a file lock");
    scanner.dec();
    scanner.expect(':');
    std::optional<FileLock::Kind> kind = kind_of(next_word(scanner));
    if (!kind)
        return std::nullopt;
    FileLock lock;
    lock.kind = *kind;
    lock.breaking = next_word(scanner) == "BREAKING";
    std::string_view type = next_word(scanner);
    lock.type = type == "WRITE"  ? FileLock::Type::write
                : type == "READ" ? FileLock::Type::read
                                 : FileLock::Type::unlocked;
    scanner.skip_blanks();
    lock.pid = scanner.signed_int();
    next_word(scanner);  // device and inode
    scanner.skip_blanks();
    lock.start = scanner.dec();
    scanner.skip_blanks();
    if (scanner.accept("EOF"))
        return lock;
    uint64_t end = scanner.dec();
    if (end < lock.start)
        scanner.fail_here("a lock that ends before it starts");
    lock.length = end - lock.start + 1;
    return lock;
}

}  // namespace crtool::sys
