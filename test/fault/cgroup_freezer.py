#!/usr/bin/env python3
"""Dumps and restores a tree by way of a cgroup freezer: what was frozen stays so, what ran runs.

Each case is done with a cgroup of its own in every hierarchy that has a freezer (v1 and v2). The
tree is a program and a child of it, which counts by making a file longer.
"""

import os
import pathlib
import sys
import time

import harness
from harness import process
from script_tree import Ticker, await_true

STILL = 0.3  # seconds; long enough for many ticks


def hierarchies():
    """Where cgroups with a freezer can be made."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        for line in file:
            place, _, kind = line.partition(" - ")
            mount = pathlib.Path(place.split()[4])
            kind, _, options = kind.split()
            if kind == "cgroup2" or (kind == "cgroup" and "freezer" in options.split(",")):
                found.append((kind, mount))
    return found


class Cgroup:
    def __init__(self, kind, mount):
        self.unified = kind == "cgroup2"
        self.path = mount / f"crtool-test-{os.getpid()}"
        self.path.mkdir()

    def _write(self, name, text):
        (self.path / name).write_text(text)

    def add(self, pid):
        self._write("cgroup.procs", str(pid))

    def freeze(self):
        self._write(*(("cgroup.freeze", "1") if self.unified else ("freezer.state", "FROZEN")))
        return await_true(self.frozen)

    def thaw(self):
        self._write(*(("cgroup.freeze", "0") if self.unified else ("freezer.state", "THAWED")))

    def frozen(self):
        if self.unified:
            return "frozen 1" in (self.path / "cgroup.events").read_text()
        return (self.path / "freezer.state").read_text().startswith("FROZEN")

    def remove(self):
        self.thaw()
        process.kill_all()
        await_true(lambda: not (self.path / "cgroup.procs").read_text())
        self.path.rmdir()


class Tree(Ticker):
    """A ticking tree in a cgroup."""

    def __init__(self, tool, directory, cgroup):
        super().__init__(tool, directory / "tree")
        self.cgroup = cgroup
        for pid in process.own_tree():
            cgroup.add(pid)

    def stands(self):
        before = self.count()
        time.sleep(STILL)
        return self.count() == before

    def run(self, verb, *more):
        args = ["-t", self.pid] if verb == "dump" else ["-d"]
        status, said = self.tool.run(verb, "-D", self.images, *args, *more)
        return [] if status == 0 else [f"{verb} ends with {status}: {said}"]


def must(*pairs):
    """Texts of what is not so. Each condition is looked at when its turn has come."""
    return [text for text, condition in pairs if not condition()]


def freezer_of_a_running_tree(tree):
    """--freeze-cgroup freezes for the dump only."""
    told = tree.run("dump", "-R", "--freeze-cgroup", tree.cgroup.path)
    return told + must(("the cgroup is left frozen", lambda: not tree.cgroup.frozen()),
                       ("the tree does not go on", tree.ticks))


def frozen_tree_stays_frozen(tree):
    """Found frozen, by nobody's word, and left so."""
    tree.cgroup.freeze()
    told = tree.run("dump", "-R")
    told += must(("the cgroup is thawed", lambda: await_true(tree.cgroup.frozen)),
                 ("the tree has run on", tree.stands))
    tree.cgroup.thaw()
    return told + must(("the tree does not go on", tree.ticks))


def frozen_and_named_stays_frozen(tree):
    tree.cgroup.freeze()
    told = tree.run("dump", "-R", "--freeze-cgroup", tree.cgroup.path)
    told += must(("the cgroup is thawed", lambda: await_true(tree.cgroup.frozen)),
                 ("the tree has run on", tree.stands))
    tree.cgroup.thaw()
    return told + must(("the tree does not go on", tree.ticks))


def dumped_and_restored(tree):
    """A tree that was frozen is dumped away, and comes back running."""
    tree.cgroup.freeze()
    told = tree.run("dump")
    told += [f"left behind: {process.describe(pid)}" for pid in process.reap(5)]
    return told or tree.run("restore") + must(("the tree does not go on", tree.ticks))


def restored_frozen(tree):
    """restore --freeze-cgroup: all of the tree is in the cgroup, and nothing of it runs."""
    told = tree.run("dump", "--freeze-cgroup", tree.cgroup.path)
    told += [f"left behind: {process.describe(pid)}" for pid in process.reap(5)]
    tree.cgroup.thaw()
    if told:
        return told
    before = tree.count()
    told = tree.run("restore", "--freeze-cgroup", tree.cgroup.path)
    inside = sorted(map(int, (tree.cgroup.path / "cgroup.procs").read_text().split()))
    told += must(("the cgroup is not frozen", lambda: await_true(tree.cgroup.frozen)),
                 ("the tree has run", lambda: tree.stands() and tree.count() == before),
                 (f"only {inside} are in the cgroup",
                  lambda: inside == sorted(process.own_tree()) and inside))
    tree.cgroup.thaw()
    return told + must(("the tree does not go on", tree.ticks))


def no_freezer(tree):
    """A directory that is no cgroup is refused, and nothing happens to the tree."""
    status, said = tree.tool.run("dump", "-t", tree.pid, "-D", tree.images, "--freeze-cgroup",
                                 tree.place)
    told = [] if status != 0 and "freezer" in said else [f"exit status {status}: {said}"]
    return told + must(("the tree does not go on", tree.ticks))


CASES = [freezer_of_a_running_tree, frozen_tree_stays_frozen, frozen_and_named_stays_frozen,
         dumped_and_restored, restored_frozen, no_freezer]


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    places = hierarchies()
    if not places:
        counts.skip("all", "no hierarchy of cgroups with a freezer is mounted")
    for kind, mount in places:
        for case in CASES:
            name = f"{kind}: {case.__name__.replace('_', ' ')}"
            try:
                cgroup = Cgroup(kind, mount)
            except OSError as error:
                counts.skip(name, f"no cgroup can be made: {error.strerror}")
                continue
            try:
                counts.add(name, case(Tree(tool, directory, cgroup)))
            finally:
                cgroup.remove()


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 1))
