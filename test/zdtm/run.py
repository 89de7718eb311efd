#!/usr/bin/env python3
"""Runs the zdtm tests: small programs that each check one property across dump and restore.

It builds nothing. A run is one test in one mode, in a fresh directory and under a process of its
own that is the subreaper of all it starts, so that nothing can be left unseen.
"""

import argparse
import dataclasses
import fnmatch
import json
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from runner import modes, needs, process, testcase, tool  # noqa: E402


@dataclasses.dataclass
class Outcome:
    status: str  # passed, failed or skipped
    text: str
    seconds: float


def mounts():
    with open("/proc/self/mountinfo") as file:
        return set(file)


def is_of_another(mount, directory):
    """Whether the mount is in the scratch directory of another run."""
    return "/zdtm." in mount and str(directory) not in mount


def perform(test, mode, options, directory):
    """One run, in the process made for it."""
    missing = test.missing()
    if missing:
        return Outcome("skipped", "needs " + ", ".join(missing), 0)
    if test.open and mode != "plain":
        return Outcome("skipped", "not carried yet: " + test.open, 0)
    if not test.program.exists():
        return Outcome("failed", f"{test.program} is not built", 0)
    process.become_subreaper()
    os.umask(0o022)
    for again in range(3):
        place = directory / f"again{again}" if again else directory
        place.mkdir(exist_ok=True)
        outcome = attempt(test, mode, options, place)
        if outcome.status != "failed" or not took_our_number(outcome.text):
            break
    return outcome


def took_our_number(text):
    """Whether some other process was given one of the tree's numbers before the tree was back:
    all that runs on this machine counts through the same numbers (pid_max), nobody is at fault."""
    return ("File exists (EEXIST)" in text and "cannot create" in text) or " is taken by " in text


def attempt(test, mode, options, directory):
    began, mounted = time.monotonic(), mounts()
    status, text = "passed", ""
    try:
        job = modes.Job(test, tool.Tool(options.crtool, directory), directory)
        modes.MODES[mode](job)
        left = {line for line in mounts() - mounted if not is_of_another(line, directory)}
        if left:
            raise process.Failure("left mounted: " + "".join(left))
    except process.Skip as skip:
        status, text = "skipped", str(skip)
    except process.Failure as failure:
        status, text = "failed", str(failure)
    except Exception:  # the runner's own fault must not hide the run's
        status, text = "failed", traceback.format_exc()
    finally:
        process.kill_all()
    return Outcome(status, text, time.monotonic() - began)


def run_alone(test, mode, options, directory, writer):
    """The whole life of the process that is made for a run; it dies with the runner."""
    try:
        process.die_with_parent()
        with needs.huge_pages(test.huge_pages):
            outcome = perform(test, mode, options, directory)
        text = outcome.text if len(outcome.text) < 20000 else outcome.text[:20000] + " ..."
        outcome = dataclasses.replace(outcome, text=text)
        os.write(writer, json.dumps(dataclasses.asdict(outcome)).encode())
    finally:
        os._exit(0)


class Runs:
    """All runs, a few of them at a time."""

    def __init__(self, options, directory):
        self.options, self.directory = options, directory
        self.active = {}
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def start(self, test, mode):
        place = self.directory / f"{test.name}.{mode}"
        place.mkdir()
        place.chmod(0o777)
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reader)
            run_alone(test, mode, self.options, place, writer)
        os.close(writer)
        self.active[pid] = (test, mode, place, reader)

    def collect(self):
        pid, _ = os.waitpid(-1, 0)
        test, mode, place, reader = self.active.pop(pid)
        with os.fdopen(reader, "rb") as file:
            text = file.read()
        try:
            outcome = Outcome(**json.loads(text))
        except ValueError:
            outcome = Outcome("failed", "the run ended without an outcome", 0)
        self.counts[outcome.status] += 1
        print(f"{outcome.status:8}{test.name} [{mode}] {outcome.seconds:.2f} s", flush=True)
        if outcome.text:
            print("    " + outcome.text, flush=True)
        if outcome.status == "failed":
            print(f"    kept: {place}", flush=True)
        elif not self.options.keep:
            shutil.rmtree(place, ignore_errors=True)

    def all(self, wanted):
        try:
            for test, mode in wanted:
                while len(self.active) >= self.options.jobs:
                    self.collect()
                self.start(test, mode)
            while self.active:
                self.collect()
        finally:
            for pid in self.active:
                os.kill(pid, signal.SIGTERM)
            for pid in self.active:
                os.waitpid(pid, 0)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="tests to run, globs allowed (default: all)")
    parser.add_argument("--crtool", type=pathlib.Path, help="the tool (not needed for plain)")
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="the built tests")
    parser.add_argument("--mode", default=",".join(modes.DEFAULT),
                        help="of " + ",".join(modes.MODES) + " (default: %(default)s)")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    parser.add_argument("--keep", action="store_true", help="keep all scratch directories")
    parser.add_argument("--work", type=pathlib.Path, help="where scratch directories are made")
    parser.add_argument("--list", action="store_true", help="list the tests and end")
    options = parser.parse_args()
    options.modes = options.mode.split(",")
    for mode in options.modes:
        if mode not in modes.MODES:
            parser.error(f"no such mode: {mode}")
    if options.crtool is None and options.modes != ["plain"] and not options.list:
        parser.error("--crtool is needed for other modes than plain")
    if options.crtool is not None:
        options.crtool = options.crtool.resolve()
    options.bin = options.bin.resolve()
    return options


def select(names, programs):
    tests = [testcase.load(source, programs) for source in sorted(HERE.glob("*.cc"))]
    if not names:
        return tests
    chosen = []
    for name in names:
        found = [test for test in tests if fnmatch.fnmatchcase(test.name, name)]
        if not found:
            sys.exit(f"run.py: no such test: {name}")
        chosen += [test for test in found if test not in chosen]
    return chosen


def main():
    sys.stdout.reconfigure(errors="backslashreplace")
    options = parse_options()
    try:
        tests = select(options.names, options.bin)
    except testcase.BadTest as error:
        sys.exit(f"run.py: {error}")
    if options.list:
        for test in tests:
            print(f"{test.name}: {test.summary}")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("run.py: terminated"))
    directory = pathlib.Path(tempfile.mkdtemp(prefix="zdtm.", dir=options.work))
    directory.chmod(0o755)
    runs = Runs(options, directory)
    runs.all([(test, mode) for test in tests for mode in options.modes])
    if not options.keep and not runs.counts["failed"]:
        shutil.rmtree(directory, ignore_errors=True)
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**runs.counts))
    return 1 if runs.counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
