"""stress-ng: tasks and threads that come and go, timers, signals and futexes."""

from driver import stress
from driver.stress import check, middle  # noqa: F401

NEEDS = ["stress-ng"]


def command(_):
    return stress.mix(
        "fork 1", "pthread 1 --pthread-max 32", "timer 1", "timerfd 1", "sigq 1", "futex 1",
        "wait 1")
