"""less in a terminal in raw mode."""

import pathlib

NEEDS = ["/usr/bin/python3", "less"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "in_terminal.py"


def command(place):
    return ["/usr/bin/python3", str(SOURCE), "less"]


def check(place):
    return None if place.result() == "right" else f"the driver found: {place.result()!r}"
