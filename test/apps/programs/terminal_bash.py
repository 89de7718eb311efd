"""bash with job control in a terminal: jobs are stopped by a key and brought back."""

import pathlib

NEEDS = ["/usr/bin/python3", "bash"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "in_terminal.py"


def command(place):
    return ["/usr/bin/python3", str(SOURCE), "bash"]


def check(place):
    return None if place.result() == "right" else f"the driver found: {place.result()!r}"
