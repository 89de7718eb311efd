"""postgresql 15 as in postgresql_sysv.py, in an IPC namespace of its own, which ends with it."""

from driver.compile import python
from driver.place import right as check  # noqa: F401
from programs import postgresql
from programs.postgresql import prepare  # noqa: F401

NEEDS = ["unshare", *postgresql.NEEDS]


def command(place):
    return ["unshare", "--ipc", *python("postgresql_client.py", "sysv", place.kit / "data")]
