"""The httpd of busybox with a connection for each page, and a script that answers without end."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "busybox"]


def command(_):
    return python("httpd_client.py")
