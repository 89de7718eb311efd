"""A bash script with child sleeps, command substitutions, pipes and a background job.

A program module has command(place), check(place) (a complaint, or None) and, where needed, NEEDS
(executables), prepare(kit) (once, before all runs), middle(place), TIMEOUT (seconds), OPTIONS (of
dump and restore) and outside(place), the command of a process that is not part of the tree, such as
a client of it. A program that goes on until the file stop exists shows its progress, or what is
outside does, by growing the file progress.
"""

import pathlib

NEEDS = ["bash"]
SOURCE = pathlib.Path(__file__).parent.parent / "sources" / "bash_script.sh"


def command(place):
    return ["bash", str(SOURCE)]


def check(place):
    words = place.result().split()
    if len(words) != 3:
        return f"no result: {place.result()!r}"
    count, total, background = (int(word) for word in words)
    if total != count * (count + 1) // 2:
        return f"{count} steps add up to {total}"
    if place.read("progress").split() != [str(step) for step in range(1, count + 1)]:
        return "steps are missing or were done twice"
    if background != len(place.read("background").split()) or background < 3:
        return f"the background job counted {background}"
    return None
