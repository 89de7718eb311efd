"""logger(1) and a Python program that write to a log daemon outside of the tree."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "logger"]
OPTIONS = ["--ext-unix-sk"]


def outside(_):
    return python("syslog_client.py", "outside")


def command(_):
    return python("syslog_client.py", "inside")
