"""Erlang's virtual machine with schedulers, timers, tables, sockets and a port."""

from driver.compile import SOURCES
from driver.place import right as check  # noqa: F401

NEEDS = ["escript"]


def command(_):
    return ["escript", str(SOURCES / "erlang_processes.escript")]
