#!/usr/bin/env python3
"""Gives descriptors to restores, rightly and wrongly: the wrong is refused before anything is made.

Refusals name the object and leave nothing; what is right is in its place and nowhere else.
"""

import os
import sys

import harness
from harness import process
from script_tree import ScriptTree


class Service(ScriptTree):
    """A shell with its output in a file, and two children with a pipe between them; dumped."""

    SCRIPT = '#!/bin/sh\nexec >"$1/log" 2>&1 3>"$1/other"\nsleep 1000 | cat\n'

    def __init__(self, tool, directory, external=()):
        super().__init__(tool, directory / "service", self.SCRIPT)
        self.await_start(lambda: sorted(map(self.name, self.tree()[1:])) == ["cat", "sleep"])
        cat, = (pid for pid in self.tree() if self.name(pid) == "cat")
        self.pipe = os.readlink(f"/proc/{cat}/fd/0")
        self.dump(*(word.format(pid=self.pid) for word in external))

    def restore(self, *given):
        """Restores with (descriptor, name) pairs; None stands for one that is not open."""
        fds = [fd for fd, _ in given if fd is not None]
        for fd in fds:
            os.set_inheritable(fd, True)
        args = [f"--inherit-fd=fd[{999 if fd is None else fd}]:{name}" for fd, name in given]
        try:
            return super().restore(*args, pass_fds=fds)
        finally:
            for fd in fds:
                os.close(fd)

    def open(self, name, flags=os.O_WRONLY | os.O_CREAT | os.O_APPEND):
        return os.open(self.place / name, flags, 0o644)


def links(pid):
    base = f"/proc/{pid}/fd"
    return {int(fd): os.readlink(f"{base}/{fd}") for fd in os.listdir(base)}


def output_goes_elsewhere(tool, directory):
    service = Service(tool, directory)
    status, said = service.restore((service.open("new"), str(service.place / "log").lstrip("/")))
    if status != 0:
        return [f"exit status {status}: {said}"]
    told = []
    for pid in service.tree():
        found = links(pid)
        if found[2] != str(service.place / "new") or str(service.place / "log") in found.values():
            told.append(f"{process.describe(pid)} has {found}")
        if sorted(found) not in ([0, 1, 2, 3], [0, 1, 2, 3, 10]):  # a shell keeps its script there
            told.append(f"{process.describe(pid)} has more: {found}")
    return told


def key_is_missing(tool, directory):
    service = Service(tool, directory, ["--external", "fd[{pid}:3]=the other"])
    return service.refused("the other was external at the dump")


def key_is_given(tool, directory):
    service = Service(tool, directory, ["--external", "fd[{pid}:3]=the other"])
    status, said = service.restore((service.open("new"), "the other"))
    if status != 0:
        return [f"exit status {status}: {said}"]
    return [f"{process.describe(pid)} has {links(pid)}" for pid in service.tree()
            if links(pid)[3] != str(service.place / "new")]


def descriptor_is_not_open(tool, directory):
    service = Service(tool, directory)
    return service.refused("was not given a descriptor 999", (None, service.place / "log"))


def nothing_has_the_name(tool, directory):
    service = Service(tool, directory)
    return service.refused("no such object", (service.open("new"), service.place / "never"))


def access_is_wrong(tool, directory):
    service = Service(tool, directory)
    given = service.open("log", os.O_RDONLY)
    return service.refused("the tree writes", (given, service.place / "log"))


def half_a_pipe(tool, directory):
    service = Service(tool, directory)
    read, write = os.pipe()
    try:
        return service.refused(service.pipe, (write, service.pipe))
    finally:
        os.close(read)


def both_ends_of_a_pipe(tool, directory):
    service = Service(tool, directory)
    read, write = os.pipe()
    pipe = os.readlink(f"/proc/self/fd/{read}")
    status, said = service.restore((read, service.pipe), (write, service.pipe))
    if status != 0:
        return [f"exit status {status}: {said}"]
    ends = [link for pid in service.tree() for link in links(pid).values() if link == pipe]
    return [] if len(ends) == 2 else [f"{len(ends)} descriptors of the given pipe"]


CASES = [output_goes_elsewhere, key_is_missing, key_is_given, descriptor_is_not_open,
         nothing_has_the_name, access_is_wrong, half_a_pipe, both_ends_of_a_pipe]


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    for case in CASES:
        counts.add(case.__name__.replace("_", " "), case(tool, directory))
        process.kill_all()


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 1))
