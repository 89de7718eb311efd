"""A static position-independent program with a heap, hashing step by step."""

from driver.compile import compiled

NEEDS = ["gcc"]


def prepare(kit):
    compiled(kit, "gcc", "static_pie.c", "-static-pie")


def command(place):
    return [str(place.kit / "static_pie")]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
