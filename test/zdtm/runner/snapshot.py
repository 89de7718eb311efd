"""What /proc shows of a process tree, as lines of text that two moments can be compared by.

A snapshot is {pid: {category: [line, ...]}}. Identities that a restore has to make anew (inode
numbers of pipes, sockets, memfds, shared memory, deleted files) are numbered by first appearance.
"""

import array
import os

from . import areas, descriptors

# Values that a program, or somebody who looks at it, can see and that do not change by themselves.
PROCESS_STATUS = """Umask Threads VmLck CoreDumping THP_enabled untag_mask""".split()
THREAD_STATUS = """Uid Gid Groups SigPnd ShdPnd SigBlk SigIgn SigCgt CapInh CapPrm CapEff CapBnd
    CapAmb NoNewPrivs Seccomp Seccomp_filters Speculation_Store_Bypass SpeculationIndirectBranch
    Cpus_allowed Mems_allowed x86_Thread_features""".split()

# Fields of /proc/PID/stat by their number in proc(5).
STAT_TASK = {"tty_nr": 7, "exit_signal": 38}
STAT_THREAD = {"priority": 18, "nice": 19, "rt_priority": 40, "policy": 41}
STAT_MEMORY = {
    "start_code": 26, "end_code": 27, "start_stack": 28, "start_data": 45, "end_data": 46,
    "start_brk": 47, "arg_start": 48, "arg_end": 49, "env_start": 50, "env_end": 51,
}


class Names:
    """Numbers things by first appearance: the same tree gives the same names after a restore."""

    def __init__(self):
        self.seen = {}

    def of(self, kind, key):
        names = self.seen.setdefault(kind, {})
        return f"{kind}#{names.setdefault(key, len(names) + 1)}"


def read(path):
    """The text of a /proc file; what cannot be read shows its reason instead."""
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "backslashreplace")
    except OSError as error:
        return f"<{error.strerror}>"


def link(path):
    try:
        return os.readlink(path)
    except OSError as error:
        return f"<{error.strerror}>"


def stat_fields(path):
    """Fields of a stat file; index 0 is field 3, as the name before may hold blanks."""
    text = read(path)
    return text[text.rfind(")") + 2:].split()


def tree(root):
    """Process ids of a tree, its root first, as of now."""
    pids, todo = {}, [root]
    while todo:
        pid = todo.pop()
        if pid not in pids:
            pids[pid] = True
            todo.extend(reversed(children(pid)))
    return list(pids)


def threads(pid):
    try:
        return sorted(int(name) for name in os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return []


def children(pid):
    found = []
    for tid in threads(pid):
        try:
            with open(f"/proc/{pid}/task/{tid}/children") as file:
                found.extend(int(word) for word in file.read().split())
        except OSError:
            pass
    return sorted(found)


def living_thread(pid):
    """A thread that still has memory and files: a leader may have ended before the others."""
    for tid in threads(pid):
        if (stat_fields(f"/proc/{tid}/stat") or ["Z"])[0] not in "ZX":
            return tid
    return pid


def auxiliary_vector(pid):
    try:
        with open(f"/proc/{pid}/auxv", "rb") as file:
            words = array.array("Q", file.read())
    except OSError as error:
        return [f"<{error.strerror}>"]
    return [f"{kind}: {value:#x}" for kind, value in zip(words[::2], words[1::2])]


def state_class(letter):
    """Running and sleeping look alike from one moment to the next; the others are lasting."""
    return "alive" if letter in "RSDI" else letter


def _status_lines(path, keys):
    wanted = set(keys)
    lines = []
    for line in read(path).splitlines():
        key, _, value = line.partition(":")
        if key in wanted:
            lines.append(f"{key}: {' '.join(value.split())}")
    return lines


def _task_lines(pid, inside):
    fields = stat_fields(f"/proc/{pid}/stat")
    if len(fields) < 50:
        return ["gone"]
    parent, group, session = (int(word) for word in fields[1:4])
    state = state_class(fields[0])
    lines = [
        f"state: {state}",
        f"ppid: {parent if parent in inside else 'outside'}",
        f"pgrp: {group}",
        f"session: {session}",
    ]
    lines += [f"{name}: {fields[number - 3]}" for name, number in STAT_TASK.items()]
    if state == "Z":
        lines.append(f"exit_code: {fields[52 - 3]}")
    return lines


def _memory_lines(pid):
    fields = stat_fields(f"/proc/{pid}/stat")
    if len(fields) < 50:
        return []
    return [f"{name}: {fields[number - 3]}" for name, number in STAT_MEMORY.items()]


def _thread_lines(pid):
    lines = []
    for tid in threads(pid):
        base = f"/proc/{pid}/task/{tid}"
        fields = stat_fields(f"{base}/stat")
        own = [f"comm: {read(f'{base}/comm').strip()}"]
        state = state_class(fields[0]) if fields else "gone"
        own.append(f"state: {state}")
        if state == "Z":
            # What the dead once blocked or caught is nobody's any more; who it was still counts.
            own += _status_lines(f"{base}/status", ["Uid", "Gid"])
        else:
            own += [f"{name}: {fields[number - 3]}" for name, number in STAT_THREAD.items()
                    if len(fields) >= 50]
            own += _status_lines(f"{base}/status", THREAD_STATUS)
            own.append(f"timerslack: {read(f'/proc/{tid}/timerslack_ns').strip()}")
        lines += [f"{tid} {line}" for line in own]
    return lines


def _misc_lines(pid):
    names = ["oom_score_adj", "loginuid", "sessionid", "personality", "coredump_filter", "cgroup"]
    lines = [f"{name}: {' '.join(read(f'/proc/{pid}/{name}').split())}" for name in names]
    for name in ("cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "user", "uts"):
        lines.append(f"ns {name}: {link(f'/proc/{pid}/ns/{name}')}")
    return lines


def _task(pid, inside, names):
    lines = _task_lines(pid, inside)
    parts = {
        "stat": lines,
        "comm": [read(f"/proc/{pid}/comm").strip()],
        "children": [str(child) for child in children(pid)],
        "threads": _thread_lines(pid),
    }
    if "state: Z" in lines and len(threads(pid)) < 2:
        return parts
    one = living_thread(pid)
    parts.update({
        "cmdline": read(f"/proc/{one}/cmdline").split("\0"),
        "environ": read(f"/proc/{one}/environ").split("\0"),
        "auxv": auxiliary_vector(one),
        "exe": [link(f"/proc/{one}/exe")],
        "cwd": [link(f"/proc/{one}/cwd")],
        "root": [link(f"/proc/{one}/root")],
        "memory": _memory_lines(one),
        "status": _status_lines(f"/proc/{one}/status", PROCESS_STATUS),
        "limits": read(f"/proc/{one}/limits").splitlines(),
        "misc": _misc_lines(one),
        "fds": descriptors.lines(one, names),
        "maps": areas.lines(one, names),
    })
    return parts


def take(root):
    """One snapshot of the tree below and with root."""
    names = Names()
    pids = tree(root)
    inside = set(pids)
    return {pid: _task(pid, inside, names) for pid in sorted(pids)}
