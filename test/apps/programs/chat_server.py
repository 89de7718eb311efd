"""A chat server on epoll(7) in Python, and 200 clients in the tree."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3"]


def command(_):
    return python("chat.py")
