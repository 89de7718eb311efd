"""perl with an interval timer, its handler, and alarms around slow calls."""

import pathlib

NEEDS = ["perl"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "perl_timers.pl"


def command(place):
    return ["perl", str(SOURCE)]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
