"""stress-ng: pipes, FIFOs, eventfds, and switches between tasks."""

from driver import stress
from driver.stress import check, middle  # noqa: F401

NEEDS = ["stress-ng"]


def command(_):
    return stress.mix(
        "pipe 1", "switch 1", "fifo 1 --fifo-readers 1", "eventfd 1", "poll 1")
