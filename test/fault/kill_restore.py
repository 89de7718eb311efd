#!/usr/bin/env python3
"""Kills crtool at random moments of a restore: a second later all of the tree runs, or nothing.

What runs must be the whole tree, with the areas, descriptors, masks and states of the dumped one,
untraced, at work, and without an EINTR.
"""

import sys
import time

import harness
from harness import process
from moments import moments_of

GRACE = 1.0


def restored(tool, target, images):
    began = time.monotonic()
    status, said = tool.run("restore", "-D", images, "-d")
    taken = time.monotonic() - began
    if status != 0:
        raise process.Failure(f"an undisturbed restore ends with {status}: {said}")
    told = target.complaints()
    if told:
        raise process.Failure("after an undisturbed restore:\n    " + "\n    ".join(told))
    finish(target)
    return taken


def finish(target):
    process.kill_all()
    target.forget()


def killed_restore(tool, target, images, moment):
    gone = target.outside()
    child = tool.start("restore", "-D", images, "-d")
    moment.hit(child)
    status = child.wait(30)
    tool.said(child)
    end = time.monotonic() + GRACE
    while time.monotonic() < end:
        harness.reap_others(target.tree)
        if not process.reap(0.005):
            if status == 0:
                return ["crtool ended well, but nothing runs"]
            outside = target.outside()
            return [] if outside == gone else [f"left behind: {outside}, and not {gone}"]
    left = process.own_tree()
    if sorted(left) != target.tree:
        told = ", ".join(process.describe(pid) for pid in left[:20])
        return [f"neither all nor nothing of {len(target.tree)} tasks is there: {told}"]
    return target.complaints()


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    target = harness.start_target(options, directory)
    images = directory / "images"
    status, said = tool.run("dump", "-t", target.pid, "-D", images)
    if status != 0:
        raise process.Failure(f"the dump ends with {status}: {said}")
    if process.reap(5):
        raise process.Failure("the target is there after its dump")
    target.forget()
    moments = moments_of("restore", options.count, lambda: restored(tool, target, images))
    for moment in moments:
        counts.add(str(moment), killed_restore(tool, target, images, moment))
        finish(target)
    restored(tool, target, images)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 100))
