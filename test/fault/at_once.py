#!/usr/bin/env python3
"""Restores a tree in the moment in which its dump has ended, again and again.

The dumped processes are dead by then, but whoever started them may not have waited for them yet, so
that their numbers are taken for a while. The restore waits for that, and no round fails.
"""

import random
import sys
import threading
import time

import harness
from harness import process

SCRIPT = """#!/usr/bin/env -S python3 -SE
import os, sys, time
ticks = open(sys.argv[1] + "/ticks", "ab", buffering=0)
if os.fork() == 0:
    while True:
        ticks.write(b"tick")
        time.sleep(0.001)
os.wait()
"""
LATE = 0.05  # seconds; a parent that waits later than most


def reap(dying):
    """The children of the root have become ours with its death."""
    for pid in dying:
        process.ended(pid)


def round_of(tool, pid, images):
    """Dump, and restore at once; the dead are waited for a little later."""
    dying = process.own_tree()
    status, said = tool.run("dump", "-t", pid, "-D", images, "--overwrite")
    if status != 0:
        return [f"dump ends with {status}: {said}"]
    reaper = threading.Timer(random.uniform(0, LATE), reap, [dying])
    reaper.start()
    status, said = tool.run("restore", "-D", images, "-d")
    reaper.join()
    return [] if status == 0 else [f"restore ends with {status}: {said}"]


def ticks(path):
    before = path.stat().st_size
    deadline = time.monotonic() + 10
    while path.stat().st_size == before:
        if time.monotonic() > deadline:
            return ["the tree does not go on"]
        time.sleep(0.001)
    return []


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    script = directory / "ticker"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    path = directory / "ticks"
    path.touch()
    pid = process.start(script, directory)
    if ticks(path):
        raise process.Failure("the ticker does not start")
    for number in range(options.count):
        told = round_of(tool, pid, directory / "images") or ticks(path)
        counts.add(f"round {number}", told)
        if told:
            return


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 100))
