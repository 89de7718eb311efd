#!/usr/bin/env python3
"""Changes files between dump and restore: the restore refuses, names the file, leaves nothing.

A file that the tree has open is missing, shorter, another kind of thing, or closed to the
tree's owner; what no longer differs, or is allowed by option, is restored.
"""

import os
import shutil
import sys

import harness
from harness import process
from script_tree import ScriptTree

REFUSED, GONE = 3, 5  # exit status (crtool(1))
CONTENT = b"0123456789\n" * 100
# The shell becomes a program with no other files.
SCRIPT = '#!/bin/sh\nexec {opens}"$1/sub/held"; exec sleep 1000\n'


class Holder(ScriptTree):
    """A process that holds one file open, dumped, so that the file can be changed."""

    def __init__(self, tool, directory, opens="9<"):
        super().__init__(tool, directory / "holder", SCRIPT.format(opens=opens))
        self.await_start(lambda: self.name(self.pid) == "sleep")
        self.dump()

    def prepare(self):
        self.file = self.place / "sub" / "held"
        self.file.parent.mkdir()
        self.file.write_bytes(CONTENT)


def refused(holder, *more, words="", wanted=REFUSED):
    status, said = holder.restore(*more)
    told = harness.refusal_complaints(status, said)
    if status != wanted:
        told.append(f"the exit status is {status}, not {wanted}")
    if str(holder.file) not in said or words not in said:
        told.append(f"the file and what has changed are not named: {said}")
    left = process.reap(1)
    return told + [f"left behind: {process.describe(pid)}" for pid in left]


def restored(holder, *more):
    status, said = holder.restore(*more)
    if status != 0:
        return [f"exit status {status}: {said}"]
    told = []
    if process.own_tree() != [holder.pid]:
        told.append("not just the holder is there")
    elif os.readlink(f"/proc/{holder.pid}/fd/9") != str(holder.file):
        told.append("the file is not open again")
    return told


def longer_and_restored(holder, *more):
    with open(holder.file, "ab") as file:
        file.write(b"more")
    return restored(holder, *more)


def missing(holder):
    holder.file.unlink()
    return refused(holder, wanted=GONE)


def directory_missing(holder):
    shutil.rmtree(holder.file.parent)
    return refused(holder, wanted=GONE)


def shorter(holder):
    os.truncate(holder.file, 500)
    return refused(holder)


def empty(holder):
    os.truncate(holder.file, 0)
    return refused(holder)


def longer(holder):
    return longer_and_restored(holder)


def shorter_allowed(holder):
    os.truncate(holder.file, 500)
    return restored(holder, "--file-validation", "none")


def longer_strictly(holder):
    with open(holder.file, "ab") as file:
        file.write(b"more")
    return refused(holder, "--file-validation", "strict", words="size 1100 → 1104")


def written_alike_strictly(holder):
    holder.file.write_bytes(CONTENT[::-1])
    return refused(holder, "--file-validation", "strict", words="time of change")


def untouched_strictly(holder):
    return restored(holder, "--file-validation", "strict")


def log_longer_strictly(holder):
    """What the tree itself writes to may have been written to by others."""
    return longer_and_restored(holder, "--file-validation", "strict")


def log_shorter(holder):
    os.truncate(holder.file, 500)
    return refused(holder, words="size 1100 → 500")


def directory_instead(holder):
    holder.file.unlink()
    holder.file.mkdir()
    return refused(holder)


def fifo_instead(holder):
    """Opening it must not hang the restore, either."""
    holder.file.unlink()
    os.mkfifo(holder.file)
    return refused(holder)


def other_mode(holder):
    holder.file.chmod(0o4600)
    return refused(holder)


def other_mode_allowed(holder):
    holder.file.chmod(0o600)
    return restored(holder, "--skip-file-rwx-check")


def copied_back(holder):
    """Another inode of the same size and mode under the name, as after a move to other storage."""
    copy = holder.file.with_name("copy")
    shutil.copy2(holder.file, copy)
    copy.rename(holder.file)
    return restored(holder)


def written_alike(holder):
    holder.file.write_bytes(CONTENT[::-1])
    return restored(holder, "--file-validation", "filesize")


def back_again(holder):
    """A refusal is not for ever."""
    away = holder.file.with_name("away")
    holder.file.rename(away)
    told = refused(holder, wanted=GONE)
    away.rename(holder.file)
    return told + restored(holder)


CASES = [missing, directory_missing, shorter, empty, longer, directory_instead, fifo_instead,
         other_mode, other_mode_allowed, copied_back, written_alike, back_again, shorter_allowed,
         longer_strictly, written_alike_strictly, untouched_strictly]
LOG_CASES = [log_longer_strictly, log_shorter]


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    for case in CASES + LOG_CASES:
        opens = "9>>" if case in LOG_CASES else "9<"
        counts.add(case.__name__.replace("_", " "), case(Holder(tool, directory, opens)))
        process.kill_all()


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 1))
