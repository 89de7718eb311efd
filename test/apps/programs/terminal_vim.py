"""vim in a terminal in raw mode; what it has saved must be complete."""

import pathlib

NEEDS = ["/usr/bin/python3", "vim"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "in_terminal.py"


def command(place):
    return ["/usr/bin/python3", str(SOURCE), "vim"]


def check(place):
    return None if place.result() == "right" else f"the driver found: {place.result()!r}"
