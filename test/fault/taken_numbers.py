#!/usr/bin/env python3
"""Restores a tree while somebody else has a number of it: a process, or a group without its leader.

Who has it for a moment is waited for; who keeps it is named, and nothing is left of the restore.
"""

import os
import signal
import sys
import threading
import time

import harness
from harness import process
from script_tree import ScriptTree

SCRIPT = "#!/bin/sh\nsleep 1000 &\nexec sleep 1000\n"
MOMENT = 0.2  # seconds
LATE = 1.5  # longer than one who lives is waited for
PATIENCE = 10  # seconds to be given a number; others are given numbers meanwhile


def become(number, action):
    """Forks a child that has this number and performs the action."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        choose_next(number)
        pid = os.fork()
        if pid == 0:
            if os.getpid() == number:
                action()
            os._exit(0)
        if pid == number:
            return
        os.waitpid(pid, 0)
    raise process.Failure(f"could not be given the number {number}")


def choose_next(number):
    with open("/proc/sys/kernel/ns_last_pid", "w") as last:
        last.write(str(number - 1))


def lead_and_leave(seconds=1000):
    """Its group, which it leaves another process in, keeps the number."""
    os.setpgid(0, 0)
    choose_next(os.getpid() + 100)  # not a number of the tree
    if os.fork() == 0:
        time.sleep(seconds)


def reap_late(pid):
    time.sleep(LATE)
    os.waitpid(pid, 0)


class Sleepers(ScriptTree):
    """Two processes, dumped."""

    def __init__(self, tool, directory):
        super().__init__(tool, directory / "sleepers", SCRIPT)
        self.await_start(lambda: [*map(self.name, self.tree())] == ["sleep", "sleep"])
        self.numbers = self.tree()
        self.dump()

    def comes_back(self):
        status, said = self.restore()
        if status != 0:
            return [f"restore ends with {status}: {said}"]
        told = []
        if self.tree() != self.numbers:
            told = [f"the tree is {self.tree()}, not {self.numbers}"]
        for pid in self.tree():
            os.kill(pid, signal.SIGKILL)
        process.reap(5)
        return told

    def refused_beside(self, kept, words):
        """Complaints about a restore that is to say these words and to leave just the kept."""
        told = harness.refusal_complaints(*self.restore(), words)
        harness.reap_others(kept)
        return told + [f"left behind: {process.describe(pid)}" for pid in process.own_tree()
                       if pid not in kept]


def test(options, directory, counts):
    sleepers = Sleepers(harness.Tool(options.crtool), directory)
    for number in sleepers.numbers:
        become(number, lambda: time.sleep(MOMENT))
        waiting = threading.Thread(target=os.waitpid, args=(number, 0))
        waiting.start()
        counts.add(f"{number} is taken for a moment", sleepers.comes_back())
        waiting.join()

        become(number, lambda: time.sleep(1000))
        name = sleepers.name(number)
        counts.add(f"{number} is taken",
                   sleepers.refused_beside([number], f"pid {number} is taken by '{name}'"))
        os.kill(number, signal.SIGKILL)
        os.waitpid(number, 0)

        become(number, lead_and_leave)
        os.waitpid(number, 0)
        member, = process.own_tree()
        words = f"pid {number} is taken by the process group of '{name}' (pid {member})"
        counts.add(f"{number} is a group", sleepers.refused_beside([member], words))
        os.kill(member, signal.SIGKILL)
        os.waitpid(member, 0)

        become(number, lambda: lead_and_leave(0))
        os.waitpid(number, 0)
        member, = process.own_tree()
        waiting = threading.Thread(target=reap_late, args=(member,))
        waiting.start()
        counts.add(f"{number} is the group of one who is dead", sleepers.comes_back())
        waiting.join()
    counts.add("all numbers are free", sleepers.comes_back())


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 1))
