#!/usr/bin/env python3
"""Restores a tree whose tap interface has gone: made again, unless its name was taken meanwhile.

A restore that is refused leaves the other's interface alone, and none of its own.
"""

import fcntl
import os
import pathlib
import shutil
import struct
import sys

import harness
from harness import process

NAME = f"ztk{os.getpid()}"
SET_INTERFACE, SET_PERSISTENT = 0x400454CA, 0x400454CB  # TUNSETIFF, TUNSETPERSIST
TAP, TUN, NO_PI = 0x0002, 0x0001, 0x1000
SCRIPT = """#!/usr/bin/python3 -I
import fcntl, os, signal, sys
device = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(device, {set_interface}, {request})
fcntl.ioctl(device, {set_persistent}, {is_kept:d})
open(sys.argv[1] + "/ready", "w").close()
signal.pause()
"""


def request(kind):
    return struct.pack("16sH22x", NAME.encode(), kind)


def interface(kind):
    """Somebody else's, as long as the descriptor lives."""
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
    fcntl.ioctl(device, SET_INTERFACE, request(kind))
    return device


def is_there():
    return pathlib.Path("/sys/class/net", NAME).exists()


class Owner:
    """A program with a tap interface, dumped; `mode` is plain or kept (persistent)."""

    def __init__(self, tool, directory, mode):
        self.tool, self.place = tool, directory / mode
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        script = self.place / "run"
        script.write_text(SCRIPT.format(set_interface=SET_INTERFACE, request=request(TAP | NO_PI),
                                        set_persistent=SET_PERSISTENT, is_kept=mode == "kept"))
        script.chmod(0o755)
        self.pid = process.start(script, self.place)
        while not (self.place / "ready").exists():
            if process.ended(self.pid) is not None:
                raise process.Failure("the owner did not start" + process.tail(self.place / "out"))
        status, said = tool.run("dump", "-t", self.pid, "-D", self.place / "images")
        if status != 0:
            raise process.Failure(f"the dump ends with {status}: {said}")
        process.reap(5)

    def restore(self):
        return self.tool.run("restore", "-D", self.place / "images", "-d")

    def refused(self, words):
        status, said = self.restore()
        told = harness.refusal_complaints(status, said)
        if words not in said:
            told.append(f"not told “{words}”: {said}")
        return told + [f"left behind: {process.describe(pid)}" for pid in process.reap(1)]


def name_is_taken(tool, directory):
    owner = Owner(tool, directory, "plain")
    device = interface(TAP | NO_PI)
    told = owner.refused(f"the interface {NAME}, which the tree had made, is there already")
    os.close(device)
    if is_there():
        told.append("the interface stayed")
    status, said = owner.restore()
    if status != 0 or not is_there():
        told.append(f"not made again, exit status {status}: {said}")
    return told


def kept_one_is_used(tool, directory):
    owner = Owner(tool, directory, "kept")
    try:
        device = interface(TAP | NO_PI)
        told = owner.refused(f"the interface {NAME} is there, but is in use")
        os.close(device)
        status, said = owner.restore()
        if status != 0:
            told.append(f"not joined, exit status {status}: {said}")
    finally:
        process.kill_all()
        forget()
    return told


def kept_one_has_gone(tool, directory):
    owner = Owner(tool, directory, "kept")
    forget()
    told = [] if not is_there() else ["the interface stayed"]
    status, said = owner.restore()
    if status != 0:
        told.append(f"not made again, exit status {status}: {said}")
    process.kill_all()
    if not is_there():
        told.append("it did not stay when its owner had gone")
    forget()
    return told


def forget():
    if is_there():
        device = interface(TAP | NO_PI)
        fcntl.ioctl(device, SET_PERSISTENT, 0)
        os.close(device)


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    try:
        os.close(interface(TUN))
    except OSError as error:
        counts.skip("all", f"no interface can be made: {error}")
        return
    for case in [name_is_taken, kept_one_is_used, kept_one_has_gone]:
        counts.add(case.__name__.replace("_", " "), case(tool, directory))
        process.kill_all()


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 1))
