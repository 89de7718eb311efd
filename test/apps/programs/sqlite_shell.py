"""The command line of sqlite3, which reads from a FIFO and answers into a pipe."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "sqlite3"]
OPTIONS = ["--file-locks"]


def command(_):
    return python("sqlite_shell.py")
