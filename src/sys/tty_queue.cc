// See tty_queue.h. What is said of the kernel here is in n_tty.c, pty.c and tty_buffer.c.
#include "sys/tty_queue.h"

#include <asm/termbits.h>
#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/error.h"
#include "base/scope_exit.h"
#include "sys/tty.h"

namespace crtool::sys {
namespace {

// More than a line or a whole queue of N_TTY (4096).
constexpr size_t kBuffer = 16384;
// Of this the kernel's buffers waste nothing (MIN_TTYB_ALIGN): what has been in them fits again.
constexpr size_t kPiece = 256;
// What N_TTY takes; more waits before it, unprocessed.
constexpr size_t kQueue = 4095;
// As much of it as lines are put back into, so that there is room for a key.
constexpr size_t kLines = 4000;
// Bytes move through a work queue of the kernel.
constexpr int kPatience = 2000;  // ms
constexpr char kStopKey = 0x13;  // ^S

termios2 settings_of(int fd) {
    termios2 value = {};
    std::string bytes = termios_of(fd);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

void set_settings(int fd, const termios2& value) {
    set_termios(fd, std::string(reinterpret_cast<const char*>(&value), sizeof value));
}

// Gives a terminal its settings back.
class KeptSettings {
  public:
    explicit KeptSettings(int fd) : fd_(fd), settings_(settings_of(fd)) {}

    ~KeptSettings() {
        try {
            set_settings(fd_, settings_);
        } catch (const Error&) {
            // Hung up: there is nothing to give back to.
        }
    }

    KeptSettings(const KeptSettings&) = delete;
    KeptSettings& operator=(const KeptSettings&) = delete;

    const termios2& get() const { return settings_; }

  private:
    int fd_;
    termios2 settings_;
};

// With EXTPROC lines are the business of the master.
bool is_canonical(const termios2& settings) {
    return (settings.c_lflag & ICANON) != 0 && (settings.c_lflag & EXTPROC) == 0;
}

template <typename Condition>
void await(const char* what, Condition&& condition) {
    constexpr timespec kStep = {0, 1'000'000};
    for (int step = 0; !condition(); step++) {
        if (step == kPatience)
            fail(Errc::system, "a terminal does not {}", what);
        if (step > 0)
            ::nanosleep(&kStep, nullptr);
    }
}

// nullopt: nothing is to be read.
std::optional<std::string> read_now(int fd) {
    std::string text(kBuffer, '\0');
    ssize_t got = ::read(fd, text.data(), text.size());
    if (got < 0 && errno == EAGAIN)
        return std::nullopt;
    if (got < 0)
        fail_errno(errno, "cannot read what is unread in a terminal");
    text.resize(static_cast<size_t>(got));
    return text;
}

void write_pieces(int fd, std::string_view text) {
    while (!text.empty()) {
        ssize_t put = -1;
        await("take back what was unread in it", [&] {
            put = ::write(fd, text.data(), std::min(text.size(), kPiece));
            if (put < 0 && errno != EAGAIN)
                fail_errno(errno, "cannot write back what was unread in a terminal");
            return put >= 0;
        });
        text.remove_prefix(static_cast<size_t>(put));
    }
}

// What is more than the queue takes comes into the buffers before it when the queue is full, so
// that these are as full as they can be.
void write_raw(int from, int to, std::string_view text) {
    std::string_view first = text.substr(0, kQueue);
    write_pieces(from, first);
    await("get back what was unread in it", [&] { return unread(to) >= first.size(); });
    write_pieces(from, text.substr(first.size()));
}

// Settings without a special character, which neither start output that is stopped (for that IXON
// would have to go) nor change how much of the queue is a line.
termios2 plain(const termios2& settings) {
    termios2 value = settings;
    value.c_iflag &= IXON;
    value.c_lflag &= ICANON | EXTPROC;
    std::ranges::fill(value.c_cc, 0);
    value.c_cc[VMIN] = 1;
    return value;
}

bool ends_line(const termios2& settings, const std::string& text) {
    if (text.empty())
        return false;
    char last = text.back();
    auto is = [&](int which) {
        return settings.c_cc[which] != 0 && static_cast<char>(settings.c_cc[which]) == last;
    };
    return last == '\n' || is(VEOL) || is(VEOL2);
}

// Characters that mean something while a line is put back; none ends a line.
struct Keys {
    char quote, end, stop, start;
};

Keys choose_keys(const termios2& settings) {
    std::array<char, 4> chosen{};
    size_t count = 0;
    for (char key = 1; count < chosen.size(); key++)
        if (!ends_line(settings, std::string(1, key)))
            chosen[count++] = key;
    return {chosen[0], chosen[1], chosen[2], chosen[3]};
}

void add_quoted(std::string& to, std::string_view text, const termios2& settings,
                const Keys& keys) {
    for (char byte : text) {
        bool special = byte == keys.quote || byte == keys.end || byte == keys.stop ||
                       byte == keys.start || ends_line(settings, std::string(1, byte));
        if (special)
            to += keys.quote;
        to += byte;
    }
}

// Moves what the queue has no room for to `later`, as it was typed.
std::string keystrokes(const TtyInput& input, const termios2& settings, const Keys& keys,
                       std::string& later) {
    std::string text;
    size_t taken = 0;
    for (const TtyTyped& line : input.lines) {
        taken += line.text.size() + 1;
        if (taken > kLines) {
            later += line.text;
            if (line.ended)
                later += static_cast<char>(settings.c_cc[VEOF]);
            continue;
        }
        std::string_view body = line.text;
        if (!line.ended)
            body.remove_suffix(1);
        add_quoted(text, body, settings, keys);
        text += line.ended ? keys.end : line.text.back();
    }
    if (later.empty() && taken + input.rest.size() <= kLines)
        add_quoted(text, input.rest, settings, keys);
    else
        later += input.rest;
    return text;
}

// What goes to the queue; the result is typed with the saved settings.
std::string put_lines(int master, int slave, const TtyInput& input, const termios2& settings) {
    std::string later;
    Keys keys = choose_keys(settings);
    termios2 typing = plain(settings);
    typing.c_iflag = IXON;
    typing.c_lflag = ICANON | IEXTEN;
    typing.c_cc[VEOL] = settings.c_cc[VEOL];
    typing.c_cc[VEOL2] = settings.c_cc[VEOL2];
    typing.c_cc[VEOF] = static_cast<cc_t>(keys.end);
    typing.c_cc[VLNEXT] = static_cast<cc_t>(keys.quote);
    typing.c_cc[VSTOP] = static_cast<cc_t>(keys.stop);
    typing.c_cc[VSTART] = static_cast<cc_t>(keys.start);
    set_settings(slave, typing);
    write_pieces(master, keystrokes(input, settings, keys, later));
    // Nothing tells that a line without end has arrived, but what is typed after it does.
    {
        ScopeExit start([&] {
            try {
                write_pieces(master, std::string_view(&keys.start, 1));
            } catch (const Error&) {
                // It takes nothing any more, as the wait for its start will tell.
            }
        });
        write_pieces(master, std::string_view(&keys.stop, 1));
        await("stop its output", [&] { return (poll_now(slave, POLLOUT) & POLLOUT) == 0; });
    }
    await("start its output", [&] { return (poll_now(slave, POLLOUT) & POLLOUT) != 0; });
    return later;
}

void put_bytes(int master, int slave, std::string_view text, const termios2& settings) {
    termios2 typing = plain(settings);
    typing.c_lflag = 0;
    set_settings(slave, typing);
    write_raw(master, slave, text);
}

}  // namespace

void take_input(int slave, TtyInput& input) {
    KeptSettings kept(slave);
    if (is_canonical(kept.get())) {
        while (auto text = read_now(slave)) {
            bool ended = !ends_line(kept.get(), *text);
            input.lines.push_back({std::move(*text), ended});
        }
    }
    // Outside of canonical mode the line that is being typed can be read, too.
    termios2 open = plain(kept.get());
    open.c_lflag = 0;
    set_settings(slave, open);
    for (auto text = read_now(slave); text && !text->empty(); text = read_now(slave))
        input.rest += *text;
}

void put_input(int master, int slave, const TtyInput& input) {
    if (input.empty())
        return;
    std::string later;
    {
        KeptSettings kept(slave);
        if (is_canonical(kept.get()))
            later = put_lines(master, slave, input, kept.get());
        else
            put_bytes(master, slave, input.rest, kept.get());
    }
    write_pieces(master, later);
}

void take_output(int master, std::string& output) {
    while ((poll_now(master, POLLIN) & POLLIN) != 0) {
        std::optional<std::string> text = read_now(master);
        if (!text || text->empty())
            break;
        output += *text;
    }
}

void put_output(int master, int slave, std::string_view text) {
    if (text.empty())
        return;
    KeptSettings kept(slave);
    termios2 raw = kept.get();
    raw.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    set_settings(slave, raw);
    write_raw(slave, master, text);
}

TtyFlow take_flow(int slave) {
    auto runs = [&] { return (poll_now(slave, POLLOUT) & POLLOUT) != 0; };
    if (runs())
        return TtyFlow::running;
    // Only output that a key has stopped starts when IXON goes.
    KeptSettings kept(slave);
    termios2 free = kept.get();
    free.c_iflag |= IXON;
    set_settings(slave, free);
    free.c_iflag &= ~static_cast<tcflag_t>(IXON);
    set_settings(slave, free);
    if (runs())
        return TtyFlow::stopped_by_key;
    set_output(slave, true);
    await("start its output", runs);
    return TtyFlow::stopped_by_call;
}

void put_flow(int master, int slave, TtyFlow flow) {
    if (flow == TtyFlow::running)
        return;
    if (flow == TtyFlow::stopped_by_call)
        return set_output(slave, false);
    KeptSettings kept(slave);
    termios2 typing = plain(kept.get());
    typing.c_iflag |= IXON;
    typing.c_cc[VSTOP] = static_cast<cc_t>(kStopKey);
    set_settings(slave, typing);
    write_pieces(master, std::string_view(&kStopKey, 1));
    await("stop its output", [&] { return (poll_now(slave, POLLOUT) & POLLOUT) == 0; });
}

}  // namespace crtool::sys
