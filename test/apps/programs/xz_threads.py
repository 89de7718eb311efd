"""xz with two threads over a made file: the result equals that of an undisturbed run."""

import hashlib
import random
import subprocess

NEEDS = ["xz"]
MEGABYTES = 24


def prepare(kit):
    chance = random.Random(4)
    words = [bytes(chance.choices(range(97, 123), k=chance.randint(2, 12))) for _ in range(5000)]
    with open(kit / "input", "wb") as file:
        for _ in range(MEGABYTES):
            file.write(b" ".join(chance.choices(words, k=150_000))[:1 << 20])
    done = subprocess.run(["xz", "-T2", "-4", "--block-size=1MiB", "-c", kit / "input"], check=True,
                          stdout=subprocess.PIPE)
    (kit / "expected").write_text(hashlib.sha256(done.stdout).hexdigest())


def command(place):
    return ["sh", "-c", f"exec xz -T2 -4 --block-size=1MiB -c '{place.kit}/input' > packed"]


def middle(place):
    """Some blocks are written, others are not."""
    try:
        return (place / "packed").stat().st_size > 0
    except FileNotFoundError:
        return False


def check(place):
    digest = hashlib.sha256((place / "packed").read_bytes()).hexdigest()
    if digest != (place.kit / "expected").read_text():
        return "the packed file differs from that of an undisturbed run"
    return None
