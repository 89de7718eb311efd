"""Compares two snapshots of a tree and says in words where they differ."""

import difflib

SHOWN = 40  # lines of difference shown of one category


class Ignored:
    """What a test's TOML takes out: "-maps" a category, "-threads:SigPnd" lines with that word."""

    def __init__(self, entries):
        self.categories = set()
        self.words = []
        for entry in entries:
            category, _, word = entry.removeprefix("-").partition(":")
            if word:
                self.words.append((category, word))
            else:
                self.categories.add(category)

    def lines(self, category, lines):
        words = [word for where, word in self.words if where == category]
        return [line for line in lines if not any(word in line for word in words)]


def _printable(line):
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in line.rstrip("\n"))


def _difference(before, after):
    if max(len(before), len(after)) > 2000:
        # difflib is quadratic; the sets tell enough of a long list.
        gone, new = set(before) - set(after), set(after) - set(before)
        changed = [f"-{line}" for line in before if line in gone]
        changed += [f"+{line}" for line in after if line in new]
        if not changed:
            changed = ["(the same lines in another order or number)"]
    else:
        changed = list(difflib.unified_diff(before, after, "before", "after", "", "", 0))[2:]
    if len(changed) > SHOWN:
        changed = changed[:SHOWN] + [f"... {len(changed) - SHOWN} more lines"]
    return changed


def differences(before, after, ignored):
    """Lines that tell all differences; none when the snapshots are alike."""
    told = []
    for pid in sorted(set(before) | set(after)):
        if pid not in after:
            told.append(f"task {pid} is missing")
            continue
        if pid not in before:
            told.append(f"task {pid} is new")
            continue
        lost = sorted(set(before[pid]) ^ set(after[pid]))
        if lost:
            told.append(f"task {pid}: only one of the snapshots has {', '.join(lost)}")
        for category in sorted(set(before[pid]) & set(after[pid])):
            if category in ignored.categories:
                continue
            old = ignored.lines(category, before[pid][category])
            new = ignored.lines(category, after[pid][category])
            if old != new:
                told.append(f"task {pid}: {category} differs")
                told.extend("  " + _printable(line) for line in _difference(old, new))
    return told
