#!/usr/bin/env python3
"""Restores a tree whose tap interface has gone: made again, unless its name was taken meanwhile.

A restore that is refused leaves the other's interface alone, and none of its own.
"""

import fcntl
import os
import pathlib
import struct
import sys

import harness
from harness import process
from script_tree import ScriptTree

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


class Owner(ScriptTree):
    """A program with a tap interface, dumped; `mode` is plain or kept (persistent)."""

    def __init__(self, tool, directory, mode):
        super().__init__(
            tool, directory / mode,
            SCRIPT.format(set_interface=SET_INTERFACE, request=request(TAP | NO_PI),
                          set_persistent=SET_PERSISTENT, is_kept=mode == "kept"))
        self.await_start((self.place / "ready").exists)
        self.dump()


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
