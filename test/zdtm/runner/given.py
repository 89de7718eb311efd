"""What a test says in files of its scratch directory while it runs: values for options, and
descriptors for the restore.

"{NAME}" in dump_args, restore_args and inherit stands for the text of the file NAME. The n-th entry
of inherit is what the n-th line "PID FD" of the file "given" is to stand for: that descriptor, of a
process outside of the tree, is given to the restore by --inherit-fd.
"""

import ctypes
import os
import re

SYS_PIDFD_GETFD = 438


def filled_in(args, directory):
    return [re.sub(r"\{(\w+)\}", lambda found: (directory / found[1]).read_text().strip(), arg)
            for arg in args]


def _take(pid, number):
    pidfd = os.pidfd_open(pid)
    try:
        fd = ctypes.CDLL(None, use_errno=True).syscall(SYS_PIDFD_GETFD, pidfd, number, 0)
    finally:
        os.close(pidfd)
    if fd < 0:
        raise OSError(ctypes.get_errno(), f"descriptor {number} of process {pid}")
    return fd


class Descriptors:
    """The descriptors for one restore, open as long as it runs."""

    def __init__(self, directory, names):
        self.numbers, self.args = [], []
        if not names:
            return
        lines = (directory / "given").read_text().splitlines()
        for name, line in zip(names, lines, strict=True):
            fd = _take(*map(int, line.split()))
            self.numbers.append(fd)
            self.args += ["--inherit-fd", f"fd[{fd}]:{name}"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for fd in self.numbers:
            os.close(fd)
