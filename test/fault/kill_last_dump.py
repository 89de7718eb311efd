#!/usr/bin/env python3
"""Kills crtool at random moments of a dump that ends the tree: all of it goes on, or an image has it.

SIGKILL and SIGINT take turns. What an image has is restored and goes on as the target.
"""

import shutil
import sys
import time

import harness
from harness import process
from moments import moments_of


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


def killed_dump(tool, target, images, moment):
    child = tool.start("dump", "-t", target.pid, "-D", images)
    moment.hit(child)
    child.wait(30)
    tool.said(child)
    told = target.strays() + bring_back(tool, target, images)
    shutil.rmtree(images, ignore_errors=True)
    return told


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    target = harness.start_target(options, directory)
    images = directory / "images"
    moments = moments_of("dump", options.count, lambda: timed_dump(tool, target, images))
    for number, moment in enumerate(moments, 1):
        told = killed_dump(tool, target, images, moment)
        counts.add(str(moment), told)
        if told:
            # A spoilt target would fail all that come after it.
            process.kill_all()
            target = harness.start_target(options, directory, number)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 100))
