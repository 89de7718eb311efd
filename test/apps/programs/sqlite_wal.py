"""sqlite3 in python3: a growing transaction in a WAL database, and a writer that it locks out."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3"]
OPTIONS = ["--file-locks"]


def command(_):
    return python("sqlite_wal.py")
