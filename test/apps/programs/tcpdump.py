"""tcpdump(8) on the loopback device: a packet socket with a ring of TPACKET_V3 and a filter."""

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "tcpdump"]


def command(place):
    return python("tcpdump_capture.py", place.port)
