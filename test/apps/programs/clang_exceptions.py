"""C++ built by clang: exceptions through many frames and threads, one held across the dump."""

from driver.compile import compiled

NEEDS = ["clang++"]


def prepare(kit):
    compiled(kit, "clang++", "clang_exceptions.cc", "-std=c++20", "-pthread")


def command(place):
    return [str(place.kit / "clang_exceptions")]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
