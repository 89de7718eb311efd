"""nginx with workers under another user, and clients in the tree that keep their connections."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "/usr/sbin/nginx"]


def command(_):
    return python("nginx_client.py")
