"""The ways to run a test: plain, and with dumps and restores between its two halves."""

import os
import re
import shutil
import signal
import subprocess
import time

from . import compare, given, process, snapshot
from .process import Failure

SETTLE = 2.0  # seconds that a tree gets to look as it should, from when the tool has ended
CYCLES = 3
EVERY_FAULT = 40  # fault points tried one by one; later ones are sampled ever more thinly
LAST_FAULTS = 10  # as many at the end, one by one
LAST_OF_DUMP = "let the tree go"
LAST_OF_RESTORE = "let connections live"  # what fails later could not be undone any more
MANY_FAULTS = 1_000_000


class Job:
    """One test in one mode: a started root and the tools to treat it."""

    def __init__(self, test, tool, directory):
        self.test, self.tool, self.directory = test, tool, directory
        self.ignored = compare.Ignored(test.compare)
        self.root = process.start(test.program, directory)
        process.wait_ready(self.root, directory, test.timeout)
        self.before = {}

    def settle(self):
        """Takes the snapshot that all others must equal, once two in a row are alike."""
        deadline = time.monotonic() + SETTLE
        self.before = snapshot.take(self.root)
        while time.monotonic() < deadline:
            again = snapshot.take(self.root)
            if again == self.before:
                return
            self.before = again
            time.sleep(0.005)

    def must_look_the_same(self, moment):
        deadline = time.monotonic() + SETTLE
        while True:
            told = compare.differences(self.before, snapshot.take(self.root), self.ignored)
            if not told:
                return
            process.must_not_have_failed(self.directory)
            if time.monotonic() > deadline:
                raise Failure(f"{moment}:\n    " + "\n    ".join(told))
            time.sleep(0.02)

    def images(self, name):
        return self.directory / f"images.{name}"

    def dump(self, images, *more, fault=None):
        args = [*given.filled_in(self.test.dump_args, self.directory), *more]
        return self.tool.dump(self.root, images, args, fault)

    def run_restore(self, images, fault=None):
        args = given.filled_in(self.test.restore_args, self.directory)
        names = given.filled_in(self.test.inherit, self.directory)
        with given.Descriptors(self.directory, names) as descriptors:
            return self.tool.restore(images, [*args, *descriptors.args], fault,
                                     descriptors.numbers)

    def dump_and_vanish(self, images):
        self.dump(images).must_succeed()
        left = process.reap(5)
        if left:
            told = ", ".join(process.describe(pid) for pid in left[:10])
            raise Failure(f"left after the dump: {told}")
        if self.test.after_dump:
            subprocess.run(self.test.after_dump, cwd=self.directory, check=True)

    def restore(self, images):
        run = self.run_restore(images).must_succeed()
        told = run.pidfile.read_text().strip() if run.pidfile.exists() else "nothing"
        if told != str(self.root):
            raise Failure(f"the pidfile holds {told}, not {self.root}")

    def finish(self):
        process.release(self.directory)
        process.wait_result(self.root, self.directory, self.test.timeout)
        # Who ends with the root may need a while for it where the machine is slow.
        left = self.strangers(0.2) and self.strangers(5)
        if left:
            told = ", ".join(process.describe(pid) for pid in left[:10])
            raise Failure(f"left after the end: {told}")

    def strangers(self, seconds):
        """Who lives on after so long and was not in the tree."""
        return [pid for pid in process.reap(seconds) if self.before and pid not in self.before]

    def must_refuse(self, *more):
        run = self.dump(self.images("refused"), *more)
        if run.status == 0:
            raise Failure("the dump was not refused")
        if self.test.refusal not in run.output():
            raise Failure(f"the refusal does not say “{self.test.refusal}”:\n" + run.story())
        self.must_look_the_same("after the refused dump")
        self.finish()


def plain(job):
    job.finish()


def cr(job):
    job.settle()
    if job.test.expect == "refused":
        job.must_refuse()
        return
    job.dump_and_vanish(job.images("a"))
    job.restore(job.images("a"))
    job.must_look_the_same("after the restore")
    job.finish()


def repeat(job):
    if job.test.expect == "refused":
        job.finish()
        raise process.Skip("a refused dump has nothing to repeat")
    job.settle()
    for cycle in range(CYCLES):
        images = job.images(str(cycle))
        job.dump_and_vanish(images)
        job.restore(images)
        job.must_look_the_same(f"after restore {cycle + 1}")
    if job.test.restore_again:
        _kill_tree(job)
        job.restore(images)
        job.must_look_the_same("after the second restore of the same images")
    job.finish()


def _kill_tree(job):
    # Stopped first: nobody shall live to see another's end, and call it a failure.
    pids = snapshot.tree(job.root)
    for signo in (signal.SIGSTOP, signal.SIGKILL):
        for pid in pids:
            try:
                os.kill(pid, signo)
            except ProcessLookupError:
                pass
    if process.reap(5):
        raise Failure("the restored tree could not be killed")


def running(job):
    job.settle()
    if job.test.expect == "refused":
        job.must_refuse("-R")
        return
    job.dump(job.images("a"), "-R").must_succeed()
    job.must_look_the_same("after the dump")
    job.finish()


def _fault_points(last):
    """The points to try: all of them at both ends, ever fewer between."""
    point = 1
    while point < MANY_FAULTS:
        yield point
        step = max(1, (point - EVERY_FAULT) // 8)
        point = min(point + step, max(point + 1, last - LAST_FAULTS))
    raise Failure(f"fault {point} still fires: no end of the fault points is in sight")


def _number_of(step, run):
    """Which point it was that a run has been made to fail at by name."""
    found = re.search(rf"injected fault (\d+): {step}", run.output())
    if not found:
        raise Failure(f"no fault fired at “{step}”:\n" + run.story())
    return int(found[1])


def _past_all_faults(run):
    """Whether no fault fired in a run; one that has fired may have been harmless, too.

    A fault is an EIO, and most of its messages say that it was injected.
    """
    told = run.output()
    if "injected fault" in told or (run.status != 0 and "EIO" in told):
        return False
    run.must_succeed()
    return True


def _dumps_with_faults(job):
    images = job.images("dump.last")
    last = _number_of(LAST_OF_DUMP, job.dump(images, "-R", fault=LAST_OF_DUMP))
    job.must_look_the_same("after a dump with a fault at its end")
    shutil.rmtree(images)
    for point in _fault_points(last):
        images = job.images(f"dump{point}")
        run = job.dump(images, "-R", fault=point)
        job.must_look_the_same(f"after a dump with fault {point}")
        if _past_all_faults(run):
            return
        shutil.rmtree(images)


def _names_in(directory):
    """What there is, but for what is the runner's or the tool's."""
    return {str(path) for path in directory.rglob("*")
            if not path.relative_to(directory).parts[0].startswith(("images.", "tool."))}


def _restores_with_faults(job, images):
    names = _names_in(job.directory)
    last = _number_of(LAST_OF_RESTORE, job.run_restore(images, LAST_OF_RESTORE))
    for point in _fault_points(last):
        run = job.run_restore(images, point)
        if run.status == 0:
            job.must_look_the_same(f"after a restore with fault {point}")
        if _past_all_faults(run):
            return
        if run.status == 0:
            _kill_tree(job)
        left = process.reap(2)
        if left:
            told = ", ".join(process.describe(pid) for pid in left[:10])
            raise Failure(f"left after a restore with fault {point}: {told}\n" + run.story())
        changed = names ^ _names_in(job.directory) if run.status != 0 else None
        if changed:
            raise Failure(f"left or taken away by a restore with fault {point}: {changed}\n"
                          + run.story())


def fault(job):
    """Makes every step fail in turn: a dump must leave the tree as it was, a restore nothing."""
    job.settle()
    _dumps_with_faults(job)
    job.dump_and_vanish(job.images("good"))
    _restores_with_faults(job, job.images("good"))
    job.finish()


MODES = {"plain": plain, "cr": cr, "repeat": repeat, "running": running, "fault": fault}
DEFAULT = ["plain", "cr", "repeat", "running"]
