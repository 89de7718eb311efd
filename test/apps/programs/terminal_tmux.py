"""tmux with two shells and vim; its client, its server and all that runs in it are in the tree."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "bash", "tmux", "vim"]


def command(_):
    return python("tmux_session.py")
