"""memcached with four threads under another user, and clients in the tree by TCP and UDP."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "memcached"]


def command(_):
    return python("memcached_client.py")
