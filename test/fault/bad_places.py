#!/usr/bin/env python3
"""Dumps into places where no image fits: a clear error, and the target runs on untouched.

A tmpfs that is too small (by bytes and by inodes), read-only places, a limit on the size of files,
and directories that are none. What mounts are needed live in a mount namespace of this test alone.
"""

import ctypes
import os
import pathlib
import resource
import shutil
import signal
import sys

import harness
from harness import process

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_REMOUNT, MS_REC, MS_PRIVATE = 1, 32, 1 << 14, 1 << 18
LIBC = ctypes.CDLL(None, use_errno=True)


def call(result):
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def mount(target, flags=0, data=""):
    call(LIBC.mount(b"none", os.fsencode(target), b"tmpfs", flags, data.encode()))


def own_mounts():
    call(LIBC.unshare(CLONE_NEWNS))
    call(LIBC.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None))


class Case:
    def __init__(self, options, directory, counts):
        self.tool = harness.Tool(options.crtool)
        self.directory, self.counts = directory, counts
        self.target = harness.start_target(options, directory)

    def dump(self, images, *more, setup=None):
        logs = self.directory / "logs"
        logs.mkdir(exist_ok=True)
        return self.tool.run("dump", "-t", self.target.pid, "-D", images, "-R", *more, setup=setup)

    def must_fail(self, name, images, *more, setup=None, saying=""):
        status, said = self.dump(images, *more, setup=setup)
        told = harness.refusal_complaints(status, said)
        if saying.lower() not in said.lower():
            told.append(f"not “{saying}” in: {said}")
        told += self.target.strays() + self.target.complaints()
        if os.path.isdir(images):
            left = [file for file in os.listdir(images) if file == "inventory.img"]
            told += [f"{file} was left" for file in left]
            again, _ = self.tool.run("restore", "-D", images, "-d", "-W", self.directory / "logs")
            if again == 0:
                told.append("what was left can be restored")
                process.kill_all()
        self.counts.add(name, told)

    def size_of_image(self):
        images = self.directory / "usual"
        status, said = self.dump(images)
        if status != 0:
            raise process.Failure(f"an undisturbed dump ends with {status}: {said}")
        size = sum(file.stat().st_size for file in images.iterdir())
        shutil.rmtree(images)
        return size


def small_places(case, size):
    for name, data in (("no page", "size=4k"), ("64 KiB", "size=64k"),
                       ("half an image", f"size={size // 2}"),
                       ("all but the end", f"size={max(size - 16384, 4096)}"),
                       ("one file", "nr_inodes=2"), ("three files", "nr_inodes=4")):
        place = case.directory / "small"
        place.mkdir()
        mount(place, data=data)
        # Once where the log lies beside the image, once where only the image must fit.
        case.must_fail(f"tmpfs of {name}", place, saying="space")
        case.must_fail(f"tmpfs of {name}, log elsewhere", place, "-W", case.directory / "logs",
                       saying="space")
        call(LIBC.umount2(os.fsencode(place), 2))
        place.rmdir()


def closed_places(case):
    place = case.directory / "closed"
    place.mkdir()
    mount(place)
    mount(place, MS_REMOUNT | MS_RDONLY)
    case.must_fail("read-only directory", place, saying="read-only")
    case.must_fail("new directory in a read-only one", place / "new", saying="read-only")
    call(LIBC.umount2(os.fsencode(place), 2))
    file = case.directory / "file"
    file.write_text("not a directory\n")
    case.must_fail("a file", file, saying="directory")
    case.must_fail("below a file", file / "below", saying="directory")
    if file.read_text() != "not a directory\n":
        case.counts.add("a file stays as it is", ["its content was changed"])


def limited_files(case, size):
    def limit(number):
        def setup():
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (number, number))
        return setup

    for number in sorted({0, 1, 4096, 20000, size // 2}):
        images = case.directory / "limited"
        case.must_fail(f"files of at most {number} bytes", images, "-W", case.directory / "logs",
                       setup=limit(number))
        shutil.rmtree(images, ignore_errors=True)


def taken_place(case):
    """A directory that holds an image: refused, and the image in it stays whole."""
    images = case.directory / "taken"
    case.dump(images)
    before = {file.name: file.read_bytes() for file in images.glob("*.img")}
    status, said = case.dump(images)
    told = harness.refusal_complaints(status, said) + case.target.complaints()
    if {file.name: file.read_bytes() for file in images.glob("*.img")} != before:
        told.append("the image that was there is not as before")
    case.counts.add("a directory that holds an image", told)
    status, said = case.dump(images, "--overwrite")
    told = [f"exit status {status}: {said}"] if status != 0 else []
    case.counts.add("--overwrite of an image", told + case.target.complaints())


def test(options, directory, counts):
    own_mounts()
    case = Case(options, directory, counts)
    size = case.size_of_image()
    small_places(case, size)
    closed_places(case)
    limited_files(case, size)
    taken_place(case)
    images = pathlib.Path(directory / "after")
    status, said = case.dump(images)
    counts.add("a good place after all that",
               ([f"exit status {status}: {said}"] if status else []) + case.target.complaints())


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 1))
