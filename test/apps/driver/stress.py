"""Mixes of stressors of stress-ng, which verify their own work, until the run is told to end."""

import re
import time

# Some stressors open as many files as they may: the tree's own limit, not the one of the machine.
SCRIPT = """
ulimit -n 2048
stress-ng --verify --temp-path . "$@" &
while ! [ -e stop ]; do sleep 0.05; done
kill -INT $!
wait $!
"""
SAID_BEFORE = "dispatching hogs"
SAID_AFTER = "successful run completed"
# The signal by which stress-ng ends its stressors can end this call, too.
HARMLESS = r"fail:  \[\d+\] pipe: termination write failed, errno=4"


def mix(*stressors):
    """The command for one worker of each of these, which are options of stress-ng without --."""
    options = [word for stressor in stressors for word in f"--{stressor}".split()]
    return ["sh", "-c", SCRIPT, "sh", *options]


def middle(place):
    """The stressors have been forked; what they do then needs some time to begin."""
    began = place / "out"
    return SAID_BEFORE in place.read("out") and time.time() - began.stat().st_mtime > 0.5


def check(place):
    text = re.sub(HARMLESS, "", place.read("out"))
    if SAID_AFTER not in text or "fail" in text:
        return "stress-ng was not successful"
    return None
