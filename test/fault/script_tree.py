"""A tree that begins as a script: started in a place of its own, dumped, restored or refused."""

import shutil
import time

import harness
from harness import process

PATIENCE = 10.0  # seconds until something must have happened


def await_true(condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.005)
    return True


class ScriptTree:
    """The script gets its place, an empty directory, as the argument."""

    def __init__(self, tool, place, text):
        self.tool, self.place, self.images = tool, place, place / "images"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        self.prepare()
        script = place / "script"
        script.write_text(text)
        script.chmod(0o755)
        self.pid = process.start(script, place)

    def prepare(self):
        """Puts into the place what the script finds there."""

    def await_start(self, has_started):
        """Waits until the script has come to its point."""
        await_true(lambda: has_started() or process.ended(self.pid) is not None)
        if not has_started():
            raise process.Failure("the script did not start" + process.tail(self.place / "out"))

    def tree(self):
        return harness.snapshot.tree(self.pid)

    @staticmethod
    def name(pid):
        return harness.snapshot.read(f"/proc/{pid}/comm").strip()

    def dump(self, *more):
        """For good: the tree is gone afterwards."""
        status, said = self.tool.run("dump", "-t", self.pid, "-D", self.images, *more)
        if status != 0:
            raise process.Failure(f"the dump ends with {status}: {said}")
        process.reap(5)

    def restore(self, *more, **how):
        return self.tool.run("restore", "-D", self.images, "-d", *more, **how)

    def refused(self, words, *more):
        """Complaints about a restore that is to say these words and to leave nothing."""
        told = harness.refusal_complaints(*self.restore(*more), words)
        return told + [f"left behind: {process.describe(pid)}" for pid in process.reap(1)]


class Ticker(ScriptTree):
    """A program and a child of it, which counts by making a file longer."""

    TEXT = """#!/usr/bin/env -S python3 -SE
import os, sys, time
ticks = open(sys.argv[1] + "/ticks", "ab", buffering=0)
if os.fork() == 0:
    while True:
        ticks.write(b"tick")
        time.sleep(0.001)
os.wait()
"""

    def __init__(self, tool, place):
        super().__init__(tool, place, self.TEXT)
        self.await_start(self.ticks)

    def count(self):
        path = self.place / "ticks"
        return path.stat().st_size if path.exists() else 0

    def ticks(self):
        before = self.count()
        return await_true(lambda: self.count() > before)
