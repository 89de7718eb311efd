// See terminal_read.h.
#include "dump/terminal_read.h"

#include <fcntl.h>
#include <poll.h>

#include <utility>

#include "base/error.h"
#include "base/fault.h"
#include "base/log.h"
#include "sys/file_make.h"
#include "sys/signal_block.h"
#include "sys/tty.h"
#include "sys/tty_queue.h"

namespace crtool::dump {
namespace {

// Undoes, while what is unread is looked at, what stands in the way of looking: the lock, with
// which nobody opens the slave, packet mode, which marks what is read, and a master that waits.
class Opened {
  public:
    Opened(int master, const image::Tty& tty)
        : master_(master), flags_(sys::status_flags(master)), tty_(tty) {}

    ~Opened() {
        try {
            slave_.reset();
            if ((flags_ & O_NONBLOCK) == 0)
                sys::set_status_flags(master_, flags_);
            if (tty_.locked())
                sys::set_locked(master_, true);
            if (tty_.packet())
                sys::set_packet_mode(master_, true);
        } catch (const Error&) {
            // Its tree has been killed meanwhile.
        }
    }

    Opened(const Opened&) = delete;
    Opened& operator=(const Opened&) = delete;

    // A descriptor of crtool's own.
    int open_slave() {
        if (tty_.packet())
            sys::set_packet_mode(master_, false);
        if (tty_.locked())
            sys::set_locked(master_, false);
        if ((flags_ & O_NONBLOCK) == 0)
            sys::set_status_flags(master_, flags_ | O_NONBLOCK);
        slave_ = sys::open_at(AT_FDCWD, tty_.path(), O_RDWR | O_NONBLOCK | O_NOCTTY);
        return slave_.get();
    }

  private:
    int master_;
    unsigned flags_;
    const image::Tty& tty_;
    sys::UniqueFd slave_;
};

void record_input(const sys::TtyInput& input, image::Tty& tty) {
    for (const sys::TtyTyped& typed : input.lines) {
        image::TtyLine& line = *tty.add_lines();
        line.set_text(typed.text);
        line.set_ended(typed.ended);
    }
    tty.set_input(input.rest);
}

image::Tty::Flow record_of(sys::TtyFlow flow) {
    switch (flow) {
        case sys::TtyFlow::stopped_by_key:
            return image::Tty::STOPPED_BY_KEY;
        case sys::TtyFlow::stopped_by_call:
            return image::Tty::STOPPED_BY_CALL;
        case sys::TtyFlow::running:
            break;
    }
    return image::Tty::RUNNING;
}

// Puts something back, at the latest when it goes: also when taking has failed halfway. What fails
// is not tried again, as nobody knows how much of it is back.
template <typename F>
class PutBack {
  public:
    explicit PutBack(F put) : put_(std::move(put)) {}

    ~PutBack() {
        try {
            now();
        } catch (const Error& error) {
            log::warn("{}", error.what());
        }
    }

    PutBack(const PutBack&) = delete;
    PutBack& operator=(const PutBack&) = delete;

    void now() {
        if (!std::exchange(is_back_, true))
            put_();
    }

  private:
    F put_;
    bool is_back_ = false;
};

// Output that was stopped may have more to say (echoes) when it runs.
void read_unread(int master, image::Tty& tty) {
    fault::point("look at what is unread in a terminal");
    // A signal would end a call between taking and putting back (EINTR), and all that was taken
    // would be lost. It is heard of afterwards.
    sys::SignalBlock held;
    Opened opened(master, tty);
    int slave = opened.open_slave();
    sys::TtyFlow flow = sys::TtyFlow::running;
    std::string output;
    sys::TtyInput input;
    PutBack flow_back([&] { sys::put_flow(master, slave, flow); });
    PutBack output_back([&] { sys::put_output(master, slave, output); });
    PutBack input_back([&] { sys::put_input(master, slave, input); });
    fault::point("take what was written to a terminal");
    sys::take_output(master, output);
    flow = sys::take_flow(slave);
    if (flow != sys::TtyFlow::running)
        sys::take_output(master, output);
    fault::point("take what was typed into a terminal");
    sys::take_input(slave, input);
    fault::point("put back what is unread in a terminal");
    input_back.now();
    output_back.now();
    flow_back.now();
    tty.set_exclusive(sys::is_exclusive(slave));
    tty.set_flow(record_of(flow));
    tty.set_output(std::move(output));
    record_input(input, tty);
}

TerminalObstacle check_settings(int fd) {
    if (int discipline = sys::line_discipline(fd); discipline != 0)
        return {fmt::format("a terminal with line discipline {}", discipline),
                "let the program set N_TTY (TIOCSETD) before the dump"};
    if (sys::has_locked_settings(fd))
        return {"a terminal with locked settings (TIOCSLCKTRMIOS)", "unlock them before the dump"};
    return {};
}

}  // namespace

TerminalObstacle read_pair(int master, bool has_slave, image::Tty& tty) {
    if (TerminalObstacle obstacle = check_settings(master); obstacle.any())
        return obstacle;
    short events = sys::poll_now(master, POLLIN | POLLPRI);
    tty.set_termios(sys::termios_of(master));
    sys::WindowSize size = sys::window_size(master);
    tty.set_rows(size.rows);
    tty.set_columns(size.columns);
    tty.set_xpixel(size.xpixel);
    tty.set_ypixel(size.ypixel);
    tty.set_packet(sys::is_packet_mode(master));
    tty.set_locked(sys::is_locked(master));
    tty.set_master_exclusive(sys::is_exclusive(master));
    if (tty.packet() && (events & POLLPRI) != 0)
        return {"a terminal in packet mode with a status that nobody has read",
                "let the program read it before the dump", Lasts::a_moment};
    tty.set_slave(has_slave                 ? image::Tty::OPEN
                  : (events & POLLHUP) != 0 ? image::Tty::CLOSED
                                            : image::Tty::NEVER_OPENED);
    if (tty.slave() != image::Tty::NEVER_OPENED)
        read_unread(master, tty);
    else if ((events & POLLIN) != 0)
        return {"a terminal with unread output whose slave nobody has opened",
                "let the program read it before the dump"};
    return {};
}

TerminalObstacle read_device(int fd, image::Tty& tty) {
    if (TerminalObstacle obstacle = check_settings(fd); obstacle.any())
        return obstacle;
    // What the console shows at the moment is nobody's in particular.
    if (tty.path() != "/dev/console" && sys::is_graphics_terminal(fd))
        return {"a virtual terminal in graphics mode, or whose switching a process controls",
                "go back to text before the dump"};
    tty.set_termios(sys::termios_of(fd));
    return {};
}

}  // namespace crtool::dump
