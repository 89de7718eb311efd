"""node: an HTTP server and a client whose connections stay open, a worker thread, and timers."""

from driver.compile import SOURCES
from driver.place import right as check  # noqa: F401

NEEDS = ["node"]


def command(_):
    return ["node", str(SOURCES / "node_server.js")]
