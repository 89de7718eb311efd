// See tty.h. Structures are the kernel's, not those of the C library.
#include "sys/tty.h"

#include <asm/termbits.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kd.h>
#include <linux/vt.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "sys/child.h"

namespace crtool::sys {
namespace {

static_assert(sizeof(termios2) == kTermiosBytes);

template <typename Argument>
int order(int fd, unsigned long request, Argument argument, const char* what) {
    int result = ::ioctl(fd, request, argument);
    if (result < 0)
        fail_errno(errno, "cannot {} of a terminal", what);
    return result;
}

int flag(int fd, unsigned long request, const char* what) {
    int value = 0;
    order(fd, request, &value, what);
    return value;
}

// In a process of its own; `number` is a descriptor that it replaces.
int open_as_leader(int slave, int flags, int number) {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    if (::setsid() < 0 || ::ioctl(slave, TIOCSCTTY, 0) < 0)
        return errno;
    int fd = ::open("/dev/tty", flags | O_CLOEXEC | O_NOCTTY);
    int err = fd < 0 ? errno : 0;
    if (fd >= 0 && ::dup3(fd, number, O_CLOEXEC) < 0)
        err = errno;
    // Signals only this process's group; ending with the terminal would be the same.
    ::ioctl(slave, TIOCNOTTY, 0);
    if (fd >= 0)
        ::close(fd);
    return err;
}

}  // namespace

std::optional<dev_t> tty_device(int fd) {
    unsigned device = 0;
    if (::ioctl(fd, TIOCGDEV, &device) == 0)
        return device;
    if (errno == EIO)
        return std::nullopt;
    fail_errno(errno, "cannot ask for the device of a terminal");
}

int line_discipline(int fd) {
    return flag(fd, TIOCGETD, "ask for the line discipline");
}

std::string termios_of(int fd) {
    std::string text(sizeof(termios2), '\0');
    order(fd, TCGETS2, text.data(), "read the settings");
    return text;
}

void set_termios(int fd, const std::string& termios) {
    termios2 value = {};
    std::memcpy(&value, termios.data(), std::min(termios.size(), sizeof value));
    order(fd, TCSETS2, &value, "set the settings");
}

bool has_locked_settings(int fd) {
    struct termios locked = {};
    order(fd, TIOCGLCKTRMIOS, &locked, "read the locked settings");
    struct termios none = {};
    return std::memcmp(&locked, &none, sizeof none) != 0;
}

WindowSize window_size(int fd) {
    winsize size = {};
    order(fd, TIOCGWINSZ, &size, "read the size");
    return {size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel};
}

void set_window_size(int fd, const WindowSize& size) {
    winsize value = {size.rows, size.columns, size.xpixel, size.ypixel};
    order(fd, TIOCSWINSZ, &value, "set the size");
}

bool is_exclusive(int fd) {
    return flag(fd, TIOCGEXCL, "ask for the exclusive mode") != 0;
}

void set_exclusive(int fd) {
    order(fd, TIOCEXCL, 0, "set the exclusive mode");
}

unsigned pty_index(int master) {
    return static_cast<unsigned>(flag(master, TIOCGPTN, "ask for the number"));
}

bool is_locked(int master) {
    return flag(master, TIOCGPTLCK, "ask for the lock") != 0;
}

void set_locked(int master, bool locked) {
    int value = locked ? 1 : 0;
    order(master, TIOCSPTLCK, &value, "set the lock");
}

bool is_packet_mode(int master) {
    return flag(master, TIOCGPKT, "ask for the packet mode") != 0;
}

void set_packet_mode(int master, bool on) {
    int value = on ? 1 : 0;
    order(master, TIOCPKT, &value, "set the packet mode");
}

// ENOTTY: it has none (tty_ioctl(2)).
pid_t tty_session(int master) {
    pid_t id = 0;
    if (::ioctl(master, TIOCGSID, &id) == 0)
        return id;
    if (errno == ENOTTY || errno == EIO)
        return 0;
    fail_errno(errno, "cannot ask for the session of a terminal");
}

void hang_up(int fd) {
    order(fd, TIOCVHANGUP, 0, "hang up a file");
}

void set_output(int fd, bool runs) {
    order(fd, TCXONC, runs ? TCOON : TCOOFF, "stop or start the output");
}

short poll_now(int fd, short events) {
    pollfd poll = {fd, events, 0};
    if (::poll(&poll, 1, 0) < 0)
        fail_errno(errno, "cannot poll a terminal");
    return poll.revents;
}

size_t unread(int fd) {
    return static_cast<size_t>(flag(fd, FIONREAD, "count what is unread"));
}

bool is_graphics_terminal(int fd) {
    int mode = KD_TEXT;
    vt_mode switching = {};
    if (::ioctl(fd, KDGETMODE, &mode) < 0 || ::ioctl(fd, VT_GETMODE, &switching) < 0)
        return false;
    return mode != KD_TEXT || switching.mode != VT_AUTO;
}

UniqueFd open_controlling(int slave, int flags) {
    UniqueFd fd = open_at(AT_FDCWD, "/dev/null", O_RDONLY);
    ChildProcess leader =
        ChildProcess::spawn([&] { return open_as_leader(slave, flags, fd.get()); }, CLONE_FILES);
    int status = leader.wait();
    if (status != 0)
        fail_errno(status >> 8 & 0xff, "cannot open /dev/tty on a terminal");
    return fd;
}

}  // namespace crtool::sys
