#!/usr/bin/env python3
"""Kills a task of the tree at random moments of a dump: all others must go on as if nothing had been.

The dump may refuse, or have the dead one as a zombie.
"""

import os
import random
import shutil
import signal
import sys
import time

import harness
from harness import compare, process, snapshot
from moments import moments_of
from script_tree import ScriptTree

SLEEPERS = 12
SCRIPT = f"#!/bin/sh\nfor i in $(seq {SLEEPERS}); do sleep 1000 & done\nexec sleep 1000\n"
GRACE = 3.0  # seconds until the others must be as before


class Sleepers(ScriptTree):
    """The root waits for nobody, so that the dead stay and it does not notice."""

    def __init__(self, tool, directory):
        super().__init__(tool, directory / "sleepers", SCRIPT)
        self.await_start(lambda: all(self.is_asleep(pid) for pid in self.tree())
                         and len(self.tree()) == SLEEPERS + 1)

    def is_asleep(self, pid):
        return self.name(pid) == "sleep" and snapshot.read(f"/proc/{pid}/syscall")[:1].isdigit()

    def states(self, pids):
        taken = snapshot.take(self.pid)
        states = {pid: taken[pid] for pid in pids if pid in taken}
        for pid in states:
            # Not the number: it becomes that of restart_syscall(2).
            states[pid]["syscall"] = snapshot.read(f"/proc/{pid}/syscall").split()[1:]
            states[pid]["traced"] = [line for line in snapshot.read(f"/proc/{pid}/status").splitlines()
                                     if line.startswith("TracerPid")]
        return states

    def timed_dump(self):
        began = time.monotonic()
        status, said = self.tool.run("dump", "-t", self.pid, "-D", self.images, "-R")
        taken = time.monotonic() - began
        if status != 0:
            raise process.Failure(f"an undisturbed dump ends with {status}: {said}")
        shutil.rmtree(self.images)
        return taken

    def disturbed_dump(self, moment):
        """Complaints about a dump during which a random child is killed."""
        victim = random.choice(snapshot.children(self.pid))
        others = [pid for pid in self.tree() if pid != victim]
        before = self.states(others)
        child = self.tool.start("dump", "-t", self.pid, "-D", self.images, "-R")
        moment.await_it()
        os.kill(victim, signal.SIGKILL)
        status = child.wait(30)
        said = self.tool.said(child)
        told = []
        if status < 0 or len(said.splitlines()) > 1:
            told.append(f"the dump ends with {status}: {said}")
        shutil.rmtree(self.images, ignore_errors=True)
        return told + self.differences(before, others)

    def differences(self, before, others):
        deadline = time.monotonic() + GRACE
        while True:
            told = compare.differences(before, self.states(others), harness.NOTHING_IGNORED)
            if not told or time.monotonic() > deadline:
                return told
            time.sleep(0.02)


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    sleepers = Sleepers(tool, directory)
    for moment in moments_of("dump", options.count, sleepers.timed_dump):
        told = sleepers.disturbed_dump(moment)
        counts.add(f"killed after {moment.seconds * 1000:.2f} ms", told)
        process.kill_all()
        sleepers = Sleepers(tool, directory)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 60))
