"""sort with little memory, two threads, and temporary files that it packs by a child process."""

import hashlib
import random

NEEDS = ["sort", "gzip"]
LINES = 1_200_000


def prepare(kit):
    chance = random.Random(9)
    lines = [b"%016x %d" % (chance.getrandbits(64), i) for i in range(LINES)]
    (kit / "input").write_bytes(b"\n".join(lines) + b"\n")
    lines.sort()
    digest = hashlib.sha256(b"\n".join(lines) + b"\n").hexdigest()
    (kit / "expected").write_text(digest)


def command(place):
    (place / "temporary").mkdir()
    return ["sort", "-S", "4M", "--parallel=2", "--compress-program=gzip", "-T", "temporary",
            "-o", "sorted", str(place.kit / "input")]


def middle(place):
    return len(list((place / "temporary").iterdir())) >= 3


def check(place):
    digest = hashlib.sha256((place / "sorted").read_bytes()).hexdigest()
    if digest != (place.kit / "expected").read_text():
        return "the sorted file is wrong"
    if list((place / "temporary").iterdir()):
        return "temporary files were left"
    return None
