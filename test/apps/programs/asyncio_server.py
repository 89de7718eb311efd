"""python3: an asyncio server, and clients of it in another process whose connections stay open."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3"]


def command(_):
    return python("asyncio_server.py")
