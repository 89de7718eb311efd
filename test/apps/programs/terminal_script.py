"""script(1), which records what a shell writes to the terminal that it makes for it."""

import pathlib

NEEDS = ["script", "bash"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "bash_script.sh"


def command(place):
    return ["script", "-qec", f"tty; stty size; bash {SOURCE}; echo the end", "typescript"]


def check(place):
    words = place.result().split()
    if len(words) != 3:
        return f"no result: {place.result()!r}"
    count, total, _ = (int(word) for word in words)
    if total != count * (count + 1) // 2:
        return f"{count} steps add up to {total}"
    record = place.read("typescript")
    if "/dev/pts/" not in record or "the end" not in record or "the end" not in place.read("out"):
        return f"the record holds {record[-200:]!r}"
    return None
