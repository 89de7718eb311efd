"""tmux in a terminal, with two shells side by side and vim in a window of its own.

What is typed goes through the terminal, the client, the server and the terminals of the panes.
"""

import ctypes
import os
import pathlib
import subprocess
import time

from in_terminal import PATIENCE, Terminal
from rounds import Wrong, judge, must_equal, rounds

PR_SET_CHILD_SUBREAPER = 36
SHELL = """
PS1='ready> '
HISTFILE=/dev/null
say() {
    echo $((counter += 1)) >>pane$TMUX_PANE
    echo "line-$1"
}
"""
# Two keys that follow each other at once are no text that was pasted.
CONFIGURATION = """
set -g default-command 'exec bash --noprofile --rcfile shell'
set -g assume-paste-time 0
set -s escape-time 0
"""


def start():
    """The server leaves its parent; as the tree's subreaper this process keeps it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    pathlib.Path("shell").write_text(SHELL)
    pathlib.Path("tmux.conf").write_text(CONFIGURATION)
    tmux = Terminal(["tmux", "-S", "tmux.socket", "-f", "tmux.conf", "new-session"])
    tmux.expect("ready> ")
    tmux.type("\x02%")
    tmux.expect("ready> ")
    tmux.type("\x02c")
    tmux.expect("ready> ")
    tmux.type("exec vim -u NONE -i NONE -n edited\r")
    tmux.expect("~  ")
    tmux.type(":set nocompatible\r")
    return tmux


def wait_for_line(line):
    end = time.monotonic() + PATIENCE
    while not pathlib.Path("edited").exists() or line not in pathlib.Path("edited").read_text():
        if time.monotonic() > end:
            raise Wrong(f"vim has not written {line!r}")
        time.sleep(0.005)


def main():
    tmux = start()
    last = 0
    for number in rounds():
        # In vim's window now, whose keys lead to the shells and back again.
        tmux.type(f"Goadded {number}\x1b:w\r")
        wait_for_line(f"added {number}\n")
        tmux.type("\x020")
        for _ in range(2):
            tmux.type("\x02o")
            tmux.type(f"say {number * 7}\r")
            tmux.expect(f"line-{number * 7}")
        tmux.type("\x021")
        last = number
    subprocess.run(["tmux", "-S", "tmux.socket", "kill-session"], check=True)
    tmux.end()
    os.wait()  # the server
    must_equal(pathlib.Path("edited").read_text(),
               "\n" + "".join(f"added {i}\n" for i in range(1, last + 1)), "the edited file")
    for pane in sorted(pathlib.Path(".").glob("pane%*")):
        must_equal(pane.read_text(), "".join(f"{i}\n" for i in range(1, last + 1)), pane.name)


judge(main)
