#!/usr/bin/env python3
"""Kills crtool at random moments of a dump: the target must go on as if nothing had been.

SIGKILL and SIGINT take turns. After each: the same areas, descriptors, masks and states of every
thread, no tracer, all threads at work, no EINTR or early end seen by any of them, nothing left of
crtool, and an image directory that holds a complete image or none.

When the process that traces dies itself (--victim worker, both), the kernel lets all threads run on
from where they stand. Two things are then beyond crtool: a call that any stop ends with EINTR
(signal(7)) does so if the thread was stopped a moment ago; and a task that was stopped before comes
to itself when it is continued. A third is allowed to be seldom: when a thread was about to be sent to
crtool's code, the others cannot know whether it is there, and leave the mapping that it would need.
There every other pair of moments comes while a process made for it looks at what it has to change
and to put back (src/dump/looks.h): it must end that before the target goes on.
"""

import dataclasses
import os
import random
import shutil
import signal
import sys
import time

import harness
from harness import process
from moments import moments_of


ENDED_BY_ANY_STOP = {"rt_sigtimedwait", "sigwaitinfo", "epoll_wait", "epoll_pwait2",
                     "epoll_wait endless"}


# At most one in so many moments.
MAPPING_STAYS = 50

# Seconds: about as long as crtool looks at what it has to put back, and until it surely does.
LOOKING = 0.015
LOOKS_WITHIN = 5


def timed_dump(tool, target, images):
    began = time.monotonic()
    status, said = tool.run("dump", "-t", target.pid, "-D", images, "-R")
    if status != 0:
        raise process.Failure(f"an undisturbed dump ends with {status}: {said}")
    shutil.rmtree(images)
    return time.monotonic() - began


def victims(child, who):
    """The process that was started, the one that it made to do the work, or both."""
    workers = harness.snapshot.children(child.pid)
    return {"crtool": [child.pid], "worker": workers, "both": [child.pid, *workers]}[who]


def await_look(child):
    """Until the worker has a child."""
    end = time.monotonic() + LOOKS_WITHIN
    while time.monotonic() < end and child.poll() is None:
        if any(harness.snapshot.children(pid) for pid in harness.snapshot.children(child.pid)):
            return


def send(pids, signo):
    for pid in pids:
        try:
            os.kill(pid, signo)
        except ProcessLookupError:
            pass


def killed_dump(tool, target, images, moment, looking, who):
    child = tool.start("dump", "-t", target.pid, "-D", images, "-R")
    if looking:
        await_look(child)
    moment.await_it()
    signo = moment.signo
    send(victims(child, who), signo)
    status = child.wait(30)
    said = tool.said(child)
    told = target.strays()
    if who == "crtool":
        told += target.complaints()
    else:
        target.continue_stopped()
        told += target.complaints(ENDED_BY_ANY_STOP)
    # Before crtool has come to its handlers it dies of the signal as any program does.
    if signo == signal.SIGINT and status < 0 and (status != -signal.SIGINT or said):
        told.append(f"SIGINT ended crtool by signal {-status}")
    if signo == signal.SIGINT and status > 0 and len(said.splitlines()) != 1:
        told.append("not one line of error: " + repr(said[:500]))
    if (images / "inventory.img").exists():
        shown, words = tool.run("show", images)
        if shown != 0:
            told.append(f"an incomplete image was left: {words}")
    elif status == 0:
        told.append("crtool ended well without an image")
    shutil.rmtree(images, ignore_errors=True)
    return told


def is_stayed_mapping(told):
    """One unused mapping in one task, and nothing else."""
    return (len(told) == 3 and told[0].endswith(": maps differs")
            and "+" in told[2] and "rwxs 0 /dev/zero (deleted)" in told[2])


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    target = harness.start_target(options, directory)
    images = directory / "images"
    moments = moments_of("dump", options.count, lambda: timed_dump(tool, target, images))
    told = target.complaints()
    if told:
        raise process.Failure("after undisturbed dumps:\n    " + "\n    ".join(told))
    stayed = 0
    for number, moment in enumerate(moments, 1):
        looking = options.victim != "crtool" and number % 4 > 1
        if looking:
            moment = dataclasses.replace(moment, seconds=random.uniform(0, LOOKING))
        told = killed_dump(tool, target, images, moment, looking, options.victim)
        spoilt = bool(told)
        if options.victim != "crtool" and is_stayed_mapping(told):
            stayed += 1
            told = told if stayed > 1 + options.count // MAPPING_STAYS else []
        counts.add(f"{moment}{' of looking' * looking}", told)
        if spoilt:
            # A spoilt target would fail all that come after it.
            process.kill_all()
            target = harness.start_target(options, directory, number)


def add_options(parser):
    parser.add_argument("--victim", choices=["crtool", "worker", "both"], default="crtool",
                        help="which of crtool's processes is hit (default: the one started)")


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 200, add_options))
