"""The open descriptors of a process as comparable lines: target, and what fdinfo tells of it."""

import os
import re

NUMBERED = re.compile(r"^(pipe|socket|net|mnt):\[(\d+)\]$")

# Lines of fdinfo that name an object by an identity of the kernel's own, or that run on with time.
DROPPED = ("eventfd-id:", "it_value:", "ticks:")
TFD_TIMER_ABSTIME = 1


def _target(path, names):
    target = os.readlink(path)
    match = NUMBERED.match(target)
    if match and match.group(1) in ("pipe", "socket"):
        return names.of(match.group(1), match.group(2)), False
    if target.startswith("/memfd:") or target.endswith(" (deleted)"):
        status = os.stat(path)
        # What never had a name is shown under its inode number.
        target = re.sub(r"/#\d+ \(deleted\)$", "/#N (deleted)", target)
        return f"{target} {names.of('inode', (status.st_dev, status.st_ino))}", False
    # /proc makes its inodes as they are looked up.
    return target, not target.startswith(("anon_inode:", "/proc/"))


def _epoll_watch(line):
    """tfd, events and data of a watch; inode and device of the watched file are not its own."""
    return re.sub(r"\s+pos:.*$", "", " ".join(line.split()))


def _info(text, keeps_inode):
    kept, watches = [], []
    for line in text.splitlines():
        if line.startswith(DROPPED):
            continue
        if line.startswith("ino:") and not keeps_inode:
            continue
        if line.startswith("settime flags:"):
            flags = int(line.split(":")[1], 8) & ~TFD_TIMER_ABSTIME
            line = f"settime flags: {flags:o}"
        if line.startswith("tfd:"):
            watches.append(_epoll_watch(line))
        else:
            kept.append(" ".join(line.split()))
    # The kernel sorts watches by the addresses of its own objects.
    return kept + sorted(watches)


def lines(pid, names):
    base = f"/proc/{pid}"
    found = []
    try:
        numbers = sorted(int(name) for name in os.listdir(f"{base}/fd"))
    except OSError as error:
        return [f"<{error.strerror}>"]
    for number in numbers:
        try:
            target, keeps_inode = _target(f"{base}/fd/{number}", names)
            with open(f"{base}/fdinfo/{number}", errors="backslashreplace") as file:
                info = _info(file.read(), keeps_inode)
        except OSError:
            continue
        found.append(f"{number} -> {target} | " + " | ".join(info))
    return found
