"""A tree of 364 processes in sessions and groups; each counts, none is left behind."""

from driver.compile import compiled

NEEDS = ["gcc"]


def prepare(kit):
    compiled(kit, "gcc", "tree.c")


def command(place):
    return [str(place.kit / "tree"), "5", "3", "20"]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
