"""postgresql 15 under its own user, with an open transaction, and sessions of psql in the tree.

Its shared buffers are in an anonymous mapping, other memory that it shares in POSIX and System V
segments.
"""

import shutil
import subprocess

from driver.compile import python
from driver.place import right as check  # noqa: F401

BINARIES = "/usr/lib/postgresql/15/bin/"
NEEDS = ["/usr/bin/python3", "setpriv", BINARIES + "postgres", BINARIES + "psql"]


def prepare(kit):
    data = kit / "data"
    data.mkdir()
    shutil.chown(data, "postgres", "postgres")
    subprocess.run(["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups",
                    BINARIES + "initdb", "-D", data, "-A", "trust", "--no-sync", "--locale=C"],
                   check=True, stdout=subprocess.DEVNULL, cwd="/")


def command(place):
    return python("postgresql_client.py", "mmap", place.kit / "data")
