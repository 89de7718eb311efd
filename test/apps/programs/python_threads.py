"""python3 with threads, queues, generators and its random numbers."""

import pathlib

NEEDS = ["/usr/bin/python3"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "python_threads.py"


def command(place):
    return ["/usr/bin/python3", str(SOURCE)]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
