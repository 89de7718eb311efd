#!/usr/bin/env python3
"""Damages images in random ways: every restore of one is a clear refusal and leaves no task.

Bits are flipped, files cut, lengthened, emptied, deleted and exchanged, pieces inside a file moved,
and files taken from another image of the same tree. The undamaged image is restored at the end.
"""

import os
import random
import shutil
import sys

import harness
from harness import process


def image_files(images, least=1):
    return sorted(path for path in images.iterdir()
                  if path.suffix == ".img" and path.stat().st_size >= least)


def flip_bit(images, _):
    path = random.choice(image_files(images))
    data = bytearray(path.read_bytes())
    at = random.randrange(len(data) * 8)
    data[at // 8] ^= 1 << at % 8
    path.write_bytes(data)
    return f"bit {at % 8} of byte {at // 8} in {path.name} flipped"


def cut(images, _):
    path = random.choice(image_files(images))
    size = random.randrange(path.stat().st_size)
    os.truncate(path, size)
    return f"{path.name} cut to {size} bytes"


def lengthen(images, _):
    path = random.choice(image_files(images))
    extra = random.choice([1, 7, 4096])
    with open(path, "ab") as file:
        file.write(random.choice([b"\0", b"\xff", b"a"]) * extra)
    return f"{path.name} lengthened by {extra} bytes"


def delete(images, _):
    path = random.choice(image_files(images))
    path.unlink()
    return f"{path.name} deleted"


def exchange(images, _):
    one, other = random.sample(image_files(images), 2)
    third = images / "third"
    one.rename(third)
    other.rename(one)
    third.rename(other)
    return f"{one.name} and {other.name} exchanged"


def move_pieces(images, _):
    """Two pieces of a file change places; those that are equal would change nothing."""
    while True:
        path = random.choice(image_files(images, 64))
        data = bytearray(path.read_bytes())
        size = random.choice([1, 8, 4096]) if len(data) >= 3 * 4096 else random.choice([1, 8])
        a, b = (random.randrange(len(data) // size) * size for _ in range(2))
        if data[a:a + size] != data[b:b + size]:
            data[a:a + size], data[b:b + size] = data[b:b + size], data[a:a + size]
            path.write_bytes(data)
            return f"{size} bytes at {a} and {b} of {path.name} exchanged"


def mix(images, other):
    names = [path.name for path in image_files(other)
             if path.read_bytes() != (images / path.name).read_bytes()]
    name = random.choice(names)
    shutil.copyfile(other / name, images / name)
    return f"{name} of another image of the tree"


DAMAGES = [flip_bit] * 6 + [cut, cut, lengthen, delete, exchange, move_pieces, move_pieces, mix]


def make_images(tool, target, directory):
    """A damaged-to-be image, and another one that was made a little earlier."""
    for name, args in (("other", ["-R"]), ("good", [])):
        status, said = tool.run("dump", "-t", target.pid, "-D", directory / name,
                                "-W", directory, *args)
        if status != 0:
            raise process.Failure(f"the dump ends with {status}: {said}")
        if args:
            target.await_loops()
    if process.reap(5):
        raise process.Failure("the target is there after its dump")
    return directory / "good", directory / "other"


def refused(tool, images, directory):
    status, said = tool.run("restore", "-D", images, "-W", directory, "-d")
    told = harness.refusal_complaints(status, said)
    left = process.reap(1)
    told += [f"left behind: {process.describe(pid)}" for pid in left[:10]]
    process.kill_all()
    return told


def test(options, directory, counts):
    tool = harness.Tool(options.crtool)
    target = harness.start_target(options, directory)
    good, other = make_images(tool, target, directory)
    for i in range(options.count):
        images = directory / "damaged"
        shutil.copytree(good, images)
        what = DAMAGES[i % len(DAMAGES)](images, other)
        counts.add(what, refused(tool, images, directory))
        shutil.rmtree(images)
    status, said = tool.run("restore", "-D", good, "-W", directory, "-d")
    told = [f"exit status {status}: {said}"] if status != 0 else target.complaints()
    counts.add("the undamaged image", told)


if __name__ == "__main__":
    sys.exit(harness.main(__doc__.splitlines()[0], test, 300))
