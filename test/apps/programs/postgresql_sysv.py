"""postgresql 15 as in postgresql.py, with its shared buffers in a System V segment."""

from driver.compile import python
from driver.place import right as check  # noqa: F401
from programs.postgresql import NEEDS, prepare  # noqa: F401


def command(place):
    return python("postgresql_client.py", "sysv", place.kit / "data")
