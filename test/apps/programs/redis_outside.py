"""redis-server with 100,000 keys; its client is outside of the tree and keeps its connections."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "redis-server"]
OPTIONS = ["--tcp-established"]


def outside(place):
    return python("redis_client.py", "outside", place.port)


def command(place):
    return ["redis-server", "--port", place.port, "--bind", "127.0.0.1", "--save", ""]
