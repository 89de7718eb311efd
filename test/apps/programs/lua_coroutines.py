"""lua with coroutines, closures and tables that grow and shrink."""

import pathlib

NEEDS = ["lua5.4"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "lua_coroutines.lua"


def command(place):
    return ["lua5.4", str(SOURCE)]


def check(place):
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
