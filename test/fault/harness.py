"""What the fault tests share: the target and what it must look like, runs of the tool, the count.

The target (target.cc) tells in a mapped file how its threads fare; the rest is seen in /proc, by
the snapshots of the zdtm runner.
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "zdtm"))

from runner import compare, process, snapshot  # noqa: E402

SLOT = struct.Struct("24s4Q")
SYSV_KEYS = 0x63730000  # of the first process, 16 for each (test/zdtm/lib/sysv.h)
GRACE = 3.0  # seconds until the target must look as before
NOTHING_IGNORED = compare.Ignored([])


class Target:
    """A running target and what it looked like before anything was done to it."""

    all = []  # of this run

    def __init__(self, program, directory):
        self.directory = directory
        self.pid = process.start(program, directory)
        Target.all.append(self)
        deadline = time.monotonic() + 10
        while not self.board():
            if process.ended(self.pid) is not None or time.monotonic() > deadline:
                raise process.Failure("the target did not start" + process.tail(directory / "out"))
            time.sleep(0.01)
        self.await_loops()
        self.tree = sorted(snapshot.tree(self.pid))
        self.stopped = [pid for pid in self.tree
                        if "State:\tT" in snapshot.read(f"/proc/{pid}/status")]
        self.before = self._settled(deadline)

    def _settled(self, deadline):
        """What it looks like for longer than a moment, in which a loop of it may be caught amid work."""
        while True:
            before = snapshot.take(self.pid)
            self.await_loops()
            unsettled = compare.differences(before, snapshot.take(self.pid), NOTHING_IGNORED)
            if not unsettled:
                return before
            if time.monotonic() > deadline:
                raise process.Failure("the target changes by itself:\n    "
                                      + "\n    ".join(unsettled))

    def board(self):
        """Of each thread: name, endless, loops, eintr, wrong."""
        try:
            data = (self.directory / "board").read_bytes()
        except FileNotFoundError:
            return []
        count = struct.unpack_from("Q", data)[0] if len(data) >= 8 else 0
        slots = [SLOT.unpack_from(data, 8 + i * SLOT.size) for i in range(count)]
        return [(name.rstrip(b"\0").decode(), *numbers) for name, *numbers in slots]

    def await_loops(self, seconds=5.0):
        """Returns the names of looping threads that did not come round in time."""
        before = {name: loops for name, _, loops, _, _ in self.board()}
        deadline = time.monotonic() + seconds
        while True:
            still = [name for name, endless, loops, _, _ in self.board()
                     if not endless and loops <= before.get(name, 0)]
            if not still or time.monotonic() > deadline:
                return still
            time.sleep(0.005)

    def interrupted(self, excused):
        told = [f"{name}: {eintr} EINTR, {wrong} wrong" for name, _, _, eintr, wrong
                in self.board() if wrong or (eintr and name not in excused)]
        told += [f"{name} came back {loops} times" for name, endless, loops, _, _
                 in self.board() if endless and loops]
        return told

    def traced(self):
        told = []
        for pid in self.tree:
            for tid in snapshot.threads(pid):
                for line in snapshot.read(f"/proc/{pid}/task/{tid}/status").splitlines():
                    if line.startswith("TracerPid:") and line.split()[1] != "0":
                        told.append(f"thread {tid} of {pid} is traced by {line.split()[1]}")
        return told

    def differences(self):
        return (compare.differences(self.before, snapshot.take(self.pid), NOTHING_IGNORED)
                + self.traced())

    def complaints(self, excused=()):
        """All that is not as before; empty when the target goes on untouched. Threads that are
        `excused` may have seen EINTR."""
        deadline = time.monotonic() + GRACE
        told = self.differences()
        while told and time.monotonic() < deadline:
            time.sleep(0.02)
            # What differs for a moment only, since a loop is amid work, is not told.
            told = min(told, self.differences(), key=len)
        told += [f"{name} does not go on" for name in self.await_loops()]
        return told + self.interrupted(excused) + self.failure()

    def continue_stopped(self):
        """Lets the tasks that were stopped come to themselves, and stops them again."""
        for signo in signal.SIGCONT, signal.SIGSTOP:
            for pid in self.stopped:
                os.kill(pid, signo)
            time.sleep(0.05)

    def failure(self):
        """What a thread has found wrong with an object of the kernel (objects.h)."""
        try:
            process.must_not_have_failed(self.directory)
        except process.Failure as failure:
            return [str(failure)]
        return []

    def outside(self):
        """What is there of it whether it runs or not: System V objects, files of its directory."""
        first = SYSV_KEYS + self.pid * 16
        told = os.listdir(self.directory)
        for kind in ("msg", "sem", "shm"):
            for line in snapshot.read(f"/proc/sysvipc/{kind}").splitlines()[1:]:
                key, number = line.split()[:2]
                if int(key) in range(first, first + 16):
                    told.append(f"{kind} {number}")
        return sorted(told)

    def forget(self):
        """Takes its System V objects out of the kernel, when it has gone."""
        if (self.directory / "forget").exists():
            subprocess.run(["sh", "./forget"], cwd=self.directory, check=True)

    def strays(self, seconds=2.0):
        """Processes below this one that are not the target's, once they had time to go."""
        deadline = time.monotonic() + seconds
        while True:
            reap_others(self.tree)
            left = [pid for pid in process.own_tree() if pid not in self.tree]
            if not left or time.monotonic() > deadline:
                return [f"left behind: {process.describe(pid)}" for pid in left]
            time.sleep(0.005)


def start_target(options, directory, number=0):
    """A target with a directory of its own."""
    place = directory / f"target.{number}"
    place.mkdir()
    place.chmod(0o777)
    return Target(options.target, place)


def reap_others(kept):
    """Reaps what has died below this process, except the tasks kept."""
    for pid in snapshot.children(os.getpid()):
        if pid not in kept:
            try:
                os.waitpid(pid, os.WNOHANG)
            except ChildProcessError:
                pass


class Tool:
    """Starts crtool. It speaks into a pipe: a limit on the size of files must not silence it."""

    def __init__(self, binary):
        self.binary = binary

    def start(self, verb, *args, setup=None, pass_fds=()):
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        try:
            given = ["--file-locks"] if verb == "dump" else []
            child = subprocess.Popen([self.binary, verb, *given, *map(str, args)], cwd="/",
                                     stdin=subprocess.DEVNULL, stdout=writer, stderr=writer,
                                     preexec_fn=setup, pass_fds=pass_fds)
        finally:
            os.close(writer)
        child.console = reader
        return child

    def run(self, verb, *args, setup=None, seconds=60, pass_fds=()):
        """Exit status (negative: a signal) and what was said."""
        child = self.start(verb, *args, setup=setup, pass_fds=pass_fds)
        try:
            status = child.wait(seconds)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            status = f"no end after {seconds} s"
        return status, self.said(child)

    @staticmethod
    def said(child):
        """What a run that has ended said; the pipe may still be open in what it left behind."""
        text = b""
        try:
            while piece := os.read(child.console, 65536):
                text += piece
        except BlockingIOError:
            pass
        os.close(child.console)
        return text.decode(errors="replace").strip()


def refusal_complaints(status, said, words=""):
    """A clear refusal: an exit status of its own choice, and one line that says why in the words."""
    told = []
    if not isinstance(status, int) or status <= 0:
        told.append(f"exit status {status}")
    if len(said.splitlines()) != 1:
        told.append("not one line of error: " + repr(said[:500]))
    if words not in said:
        told.append(f"not told “{words}”: {said}")
    return told


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, name, told):
        if told:
            self.failed += 1
            print(f"failed  {name}\n    " + "\n    ".join(told), flush=True)
        else:
            self.passed += 1

    def skip(self, name, why):
        self.skipped += 1
        print(f"skipped {name}: {why}", flush=True)

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        return 1 if self.failed else 0


def main(summary, test, count, add_options=lambda parser: None):
    """Parses the command line, calls test(options, directory, counts), and cleans up."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--crtool", type=pathlib.Path, required=True)
    parser.add_argument("--target", type=pathlib.Path, help="the built target.cc")
    parser.add_argument("-n", "--count", type=int, default=count)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--work", type=pathlib.Path, help="where files are made")
    add_options(parser)
    options = parser.parse_args()
    options.crtool = options.crtool.resolve()
    if options.target is not None:
        options.target = options.target.resolve()
    print(f"seed {options.seed}", flush=True)
    random.seed(options.seed)
    process.become_subreaper()
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    directory = pathlib.Path(tempfile.mkdtemp(prefix="fault.", dir=options.work))
    directory.chmod(0o755)
    counts = Count()
    try:
        test(options, directory, counts)
    except process.Failure as failure:
        counts.add("set-up", [str(failure)])
    finally:
        process.kill_all()
        for target in Target.all:
            target.forget()
        shutil.rmtree(directory, ignore_errors=True)
    return counts.close()
