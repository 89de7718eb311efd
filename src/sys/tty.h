// Questions and orders to terminals (ioctl_tty(2)), errors as exceptions.
//
// A pair's settings are those of its slave, whichever end is asked; "exclusive", what is unread and
// the line discipline belong to the end that is asked.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "sys/fd.h"

namespace crtool::sys {

// TIOCGDEV: the terminal behind a descriptor, also behind /dev/tty; nullopt when it was hung up.
std::optional<dev_t> tty_device(int fd);
int line_discipline(int fd);

// struct termios2 (asm/termbits.h), as bytes.
inline constexpr size_t kTermiosBytes = 44;
std::string termios_of(int fd);
void set_termios(int fd, const std::string& termios);
// TIOCGLCKTRMIOS: some setting can be changed only by root.
bool has_locked_settings(int fd);

struct WindowSize {
    uint16_t rows = 0;
    uint16_t columns = 0;
    uint16_t xpixel = 0;
    uint16_t ypixel = 0;
};

WindowSize window_size(int fd);
void set_window_size(int fd, const WindowSize& size);

bool is_exclusive(int fd);
void set_exclusive(int fd);

// Of masters: TIOCGPTN, TIOCGPTLCK, TIOCGPKT, TIOCGSID.
unsigned pty_index(int master);
bool is_locked(int master);
void set_locked(int master, bool locked);
bool is_packet_mode(int master);
void set_packet_mode(int master, bool on);
pid_t tty_session(int master);  // 0: none

// TIOCVHANGUP: all files of this end that are open now are hung up.
void hang_up(int fd);
// TCXONC: output is stopped, or goes on.
void set_output(int fd, bool runs);

// poll(2) without waiting: those of `events`, and POLLHUP, POLLERR, that are so now.
short poll_now(int fd, short events);
// FIONREAD.
size_t unread(int fd);
// KDGETMODE, VT_GETMODE: a virtual terminal that shows graphics, or that tells its process before
// it is switched away.
bool is_graphics_terminal(int fd);

// open(2) of /dev/tty with `flags`, as somebody sees it whose controlling terminal `slave` is.
UniqueFd open_controlling(int slave, int flags);

}  // namespace crtool::sys
