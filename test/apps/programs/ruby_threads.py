"""ruby with threads, a queue, a condition variable, fibers and garbage to collect."""

import pathlib

NEEDS = ["ruby"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "ruby_threads.rb"


def command(place):
    return ["ruby", str(SOURCE)]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
