"""Types into a program that runs in a pseudo-terminal, again and again, and reads its answers.

Usage: in_terminal.py bash|less|vim.
"""

import fcntl
import os
import pathlib
import pty
import select
import struct
import sys
import termios
import time

from rounds import Wrong, judge, rounds

PATIENCE = 100  # seconds; the machine may be busy, and a dump takes its time


class Terminal:
    """A program as the leader of a session on a pair of which this process has the master."""

    def __init__(self, command):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            environment = dict(os.environ, TERM="xterm", PS1="ready> ", HISTFILE="/dev/null")
            os.closerange(3, 1024)
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.seen = b""

    def type(self, text):
        os.write(self.master, text.encode())

    def expect(self, text):
        """Waits until the program has written this, and forgets everything up to there."""
        wanted = text.encode()
        end = time.monotonic() + PATIENCE
        while wanted not in self.seen:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.master], [], [], left)[0]:
                raise Wrong(f"no {text!r} in {self.seen[-300:]!r}")
            try:
                self.seen += os.read(self.master, 4096)
            except OSError as error:
                raise Wrong(f"no {text!r} before {error.strerror}: {self.seen[-300:]!r}") from None
        self.seen = self.seen[self.seen.index(wanted) + len(wanted):]

    def end(self):
        _, status = os.waitpid(self.pid, 0)
        if status != 0:
            raise Wrong(f"the program ended with status {status:#x}")


def bash():
    """A shell with job control: a job is stopped by a key, listed, brought back, and fed."""
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"])
    shell.expect("ready> ")
    shell.type("bind 'set enable-bracketed-paste off' 2>/dev/null; stty -echo; echo be''gin\n")
    shell.expect("begin\r\n")
    for number in rounds():
        shell.type("cat\n")
        shell.type(f"line {number}\n")
        shell.expect(f"line {number}\r\n")
        shell.type("\x1a")
        shell.expect("Stopped")
        shell.expect("ready> ")
        shell.type("jobs\n")
        shell.expect("Stopped")
        shell.expect("ready> ")
        shell.type("fg\n")
        shell.expect("cat\r\n")
        shell.type(f"again {number}\n")
        shell.expect(f"again {number}\r\n")
        shell.type("\x03")
        shell.expect("ready> ")
    shell.type("exit 0\n")
    shell.end()


def less():
    """A pager in raw mode."""
    pathlib.Path("text").write_text("".join(f"this is line {i} of many\n" for i in range(5000)))
    pager = Terminal(["less", "-n", "text"])
    pager.expect("this is line 20 of many")
    for number in rounds():
        target = number * 37 % 4900 + 50
        pager.type(f"{target}g")
        pager.expect(f"this is line {target} of many")
    pager.type("q")
    pager.end()


def vim():
    """An editor in raw mode, on a screen of its own."""
    editor = Terminal(["vim", "-u", "NONE", "-i", "NONE", "-n", "edited"])
    editor.type(":set nocompatible\r")
    last = 0
    for number in rounds():
        editor.type(f"Goadded {number}\x1b:w\r")
        editor.expect("written")
        last = number
    editor.type(":wq\r")
    editor.end()
    lines = pathlib.Path("edited").read_text().split("\n")
    if [line for line in lines if line] != [f"added {i}" for i in range(1, last + 1)]:
        raise Wrong(f"the edited file holds {lines[:20]}")


if __name__ == "__main__":
    judge({"bash": bash, "less": less, "vim": vim}[sys.argv[1]])
