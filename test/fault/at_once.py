#!/usr/bin/env python3
"""Restores a tree in the moment in which its dump has ended, again and again.

The dumped processes are dead by then, but whoever started them may not have waited for them yet, so
that their numbers are taken for a while. The restore waits for that, and no round fails.
"""

import random
import sys
import threading

import harness
from harness import process
from script_tree import Ticker

LATE = 0.05  # seconds; a parent that waits later than most


def reap(dying):
    """The children of the root have become ours with its death."""
    for pid in dying:
        process.ended(pid)


def round_of(ticker):
    """Dump, and restore at once; the dead are waited for a little later."""
    dying = process.own_tree()
    status, said = ticker.tool.run("dump", "-t", ticker.pid, "-D", ticker.images, "--overwrite")
    if status != 0:
        return [f"dump ends with {status}: {said}"]
    reaper = threading.Timer(random.uniform(0, LATE), reap, [dying])
    reaper.start()
    status, said = ticker.restore()
    reaper.join()
    if status != 0:
        return [f"restore ends with {status}: {said}"]
    return [] if ticker.ticks() else ["the tree does not go on"]


def test(options, directory, counts):
    ticker = Ticker(harness.Tool(options.crtool), directory / "ticker")
    for number in range(options.count):
        told = round_of(ticker)
        counts.add(f"round {number}", told)
        if told:
            return


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 100))
