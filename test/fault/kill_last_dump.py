#!/usr/bin/env python3
"""Kills crtool at random moments of a dump that ends the tree: all of it goes on, or an image has it.

SIGKILL and SIGINT take turns. What an image has is restored and goes on as the target.
"""

import random
import shutil
import signal
import statistics
import sys
import time

import harness
from harness import process


def bring_back(tool, target, images):
    """What stands against the target after its dump, whether it has ended or not."""
    if not (images / "inventory.img").exists():
        return target.complaints()
    left = process.reap(5)
    if left:
        told = ", ".join(process.describe(pid) for pid in left[:20])
        return [f"an image is there, and also {told}"]
    status, said = tool.run("restore", "-D", images, "-d")
    return [f"the restore ends with {status}: {said}"] if status else target.complaints()


def timed_dump(tool, target, images):
    began = time.monotonic()
    status, said = tool.run("dump", "-t", target.pid, "-D", images)
    taken = time.monotonic() - began
    told = bring_back(tool, target, images)
    if status != 0 or told:
        raise process.Failure(f"an undisturbed dump ends with {status}: {said} {told}")
    shutil.rmtree(images)
    return taken


def killed_dump(tool, target, images, seconds, signo):
    child = tool.start("dump", "-t", target.pid, "-D", images)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass
    child.send_signal(signo)
    child.wait(30)
    tool.said(child)
    told = target.strays() + bring_back(tool, target, images)
    shutil.rmtree(images, ignore_errors=True)
    return told


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    target = harness.start_target(options, directory)
    images = directory / "images"
    usual = statistics.median(timed_dump(tool, target, images) for _ in range(5))
    print(f"an undisturbed dump takes {usual * 1000:.1f} ms", flush=True)
    for i in range(options.count):
        signo = signal.SIGINT if i % 2 else signal.SIGKILL
        seconds = random.uniform(0, usual * 1.1)
        told = killed_dump(tool, target, images, seconds, signo)
        counts.add(f"{signo.name} after {seconds * 1000:.2f} ms", told)
        if told:
            # A spoilt target would fail all that come after it.
            process.kill_all()
            target = harness.start_target(options, directory, i + 1)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 100))
