"""Where one run of a program happens: its directory, and how far it has come."""

import functools
import pathlib
import socket


class Place:
    def __init__(self, directory, kit):
        self.directory = pathlib.Path(directory)
        self.kit = pathlib.Path(kit)  # what prepare() made, shared by all runs of the program

    def __truediv__(self, name):
        return self.directory / name

    @functools.cached_property
    def port(self):
        """A port of this run, free when it was first asked for."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return str(probe.getsockname()[1])

    def progress(self):
        """Bytes that the program has written into the file progress, by which it shows life."""
        try:
            return (self / "progress").stat().st_size
        except FileNotFoundError:
            return 0

    def stop(self):
        """Tells a program without an end of its own to check itself and finish."""
        (self / "stop").touch()

    def read(self, name):
        try:
            return (self / name).read_text(errors="replace")
        except FileNotFoundError:
            return ""

    def result(self):
        return self.read("result").strip()


def same_result(place):
    """The check of programs whose result prepare() has made undisturbed, in kit/expected."""
    expected = (place.kit / "expected").read_text().strip()
    if not expected or place.result() != expected:
        return f"the result is {place.result()[:200]!r}, undisturbed it is {expected[:200]!r}"
    return None


def right(place):
    """The check of programs that judge themselves."""
    return None if place.result() == "right" else f"the program found: {place.result()!r}"
