"""What drivers of programs share: each round grows the file progress, the file stop ends the rounds,
and the file result then says "right", or what went wrong."""

import pathlib
import sys
import time


class Wrong(Exception):
    """What went wrong."""


def rounds(pause=0.02):
    """Numbers from 1 on; as there are some rounds after the last restore, at least four."""
    with open("progress", "a", buffering=1) as progress:
        for number in range(1, 1_000_000):
            if pathlib.Path("stop").exists() and number > 3:
                return
            yield number
            progress.write(f"{number}\n")
            time.sleep(pause)


def must_equal(found, wanted, what):
    if found != wanted:
        raise Wrong(f"{what}: {found!r} instead of {wanted!r}"[:500])


def judge(work):
    try:
        work()
        result = "right"
    except (Wrong, OSError) as wrong:
        result = f"{type(wrong).__name__}: {wrong}"
        print(result, file=sys.stderr)
    pathlib.Path("result").write_text(result + "\n")
    sys.exit(result != "right")
