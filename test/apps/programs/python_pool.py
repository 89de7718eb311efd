"""python3 with a pool of worker processes, a shared counter and a manager-less queue."""

import pathlib

NEEDS = ["/usr/bin/python3"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "python_pool.py"


def command(place):
    return ["/usr/bin/python3", str(SOURCE)]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
