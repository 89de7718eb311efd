"""Threads with Linux AIO and an io_uring: a dump says that neither is carried, and they work on."""

from driver.compile import compiled
from driver.place import right as check  # noqa: F401

NEEDS = ["gcc"]
REFUSAL = ["io_uring", "Linux AIO"]


def prepare(kit):
    compiled(kit, "gcc", "native_io.c", "-pthread")


def command(place):
    return [str(place.kit / "native_io")]
