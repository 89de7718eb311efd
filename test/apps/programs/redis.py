"""redis-server with 100,000 keys, and its client in the tree, by TCP and a unix socket."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "redis-server"]


def command(_):
    return python("redis_client.py", "inside")
