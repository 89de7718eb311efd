"""A tree of 1,111 processes; each counts, none is left behind."""

from driver.compile import compiled

NEEDS = ["gcc"]


def prepare(kit):
    compiled(kit, "gcc", "tree.c")


def command(place):
    return [str(place.kit / "tree"), "3", "10", "60"]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
