"""stress-ng: tasks that come and go, threads at one lock, timers, signals and futexes."""

from driver import stress
from driver.stress import check, middle  # noqa: F401

NEEDS = ["stress-ng"]
# At its own rate, a million times a second, the next signal waits whenever a handler returns: a busy
# machine then never lets the stressor get as far as the end it was told of, with no dump at all.
TIMER = "timer 1 --timer-freq 10000"


def command(_):
    return stress.mix(
        "fork 1", "mutex 1 --mutex-procs 8", TIMER, "timerfd 1", "sigq 1", "futex 1",
        "wait 1")
