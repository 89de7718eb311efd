"""stress-ng: computing, and memory that is written, moved, shared and checked."""

from driver import stress
from driver.stress import check, middle  # noqa: F401

NEEDS = ["stress-ng"]


def command(_):
    return stress.mix(
        "cpu 1", "vm 1 --vm-bytes 32m --vm-keep", "mremap 1 --mremap-bytes 8m",
        "shm 1 --shm-bytes 4m")
