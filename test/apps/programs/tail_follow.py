"""tail -F of a file that grows and is replaced, which it hears of by inotify(7)."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "tail"]


def command(_):
    return python("tail_follow.py")
