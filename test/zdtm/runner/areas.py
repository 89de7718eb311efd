"""The memory areas of a process as comparable lines: addresses, rights, offset, object, flags."""

import re

# One search finds the head line of every entry, and the lines of its many that count.
LINES = re.compile(
    r"^(?:([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) (\S+) (\d+) *(.*)|VmFlags: (.*)"
    r"|ProtectionKey: +(\d+))$",
    re.MULTILINE)

# sd (soft-dirty) is set by every mmap and tells nothing of the program.
IGNORED_FLAGS = {"sd"}


def parse(text):
    """Areas of a smaps text: [start, end, perms, offset, device, inode, name, flags]."""
    found = []
    for match in LINES.finditer(text):
        start, end, perms, offset, device, inode, name, flags, key = match.groups()
        if key is not None:
            found[-1][7] = "" if key == "0" else f" key {key}"
        elif flags is None:
            found.append([int(start, 16), int(end, 16), perms, int(offset, 16), device,
                          int(inode), name, ""])
        else:
            kept = [flag for flag in flags.split() if flag not in IGNORED_FLAGS]
            found[-1][7] = " ".join(kept) + found[-1][7]  # the key stands before them
    return found


def identity(area, names):
    """What stands behind an area. An inode that only memory holds is new after a restore."""
    _, _, _, _, device, inode, name, _ = area
    if inode == 0:
        return name or "anonymous"
    if name.endswith(" (deleted)") or name.startswith("/SYSV"):
        return f"{name} {names.of('inode', (device, inode))}"
    if name.startswith("socket:["):
        return names.of("socket", str(inode))
    return f"{name} {device} {inode}"


def coalesce(entries):
    """Joins neighbours that differ in nothing.

    The kernel keeps such areas apart when each got an anon_vma of its own before they met, and
    joins them when they are mapped anew; no program can tell, except by reading maps.
    """
    joined = []
    for start, end, perms, offset, what, flags, backed in entries:
        if joined:
            last = joined[-1]
            follows = last[3] + (last[1] - last[0]) == offset if backed else True
            if last[1] == start and last[2] == perms and last[4:6] == [what, flags] and follows:
                last[1] = end
                continue
        joined.append([start, end, perms, offset, what, flags, backed])
    return joined


def lines(pid, names):
    try:
        with open(f"/proc/{pid}/smaps", errors="backslashreplace") as file:
            text = file.read()
    except OSError as error:
        return [f"<{error.strerror}>"]
    entries = [
        [area[0], area[1], area[2], area[3], identity(area, names), area[7], area[5] != 0]
        for area in parse(text)
    ]
    return [
        f"{start:x}-{end:x} {perms} {offset:x} {what} [{flags}]"
        for start, end, perms, offset, what, flags, _ in coalesce(entries)
    ]
