"""haproxy with a master, a worker and health checks; it moves its unix socket to its place."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "/usr/sbin/haproxy"]


def command(_):
    return python("haproxy_client.py")
