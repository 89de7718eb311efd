"""The ways to run a program: plain, and with dumps and restores in the middle of its work."""

import os
import resource
import signal
import time

from runner import process
from runner.process import Failure

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}
BREATH = 0.15  # seconds a program works between two dumps at least
TIMEOUT = 180  # for a program that names no other; the machine may be busy


class Job:
    """One started program."""

    def __init__(self, program, tool, place):
        self.program, self.tool, self.place = program, tool, place
        self.images = 0
        self.options = getattr(program, "OPTIONS", [])
        self.outside = None
        if hasattr(program, "outside"):
            self.outside = _start(program.outside(place), place)
        self.pid = _start(program.command(place), place)
        self._wait(self._in_the_middle, "come to the middle of its work")

    def _in_the_middle(self):
        middle = getattr(self.program, "middle", lambda place: place.progress() >= 6)
        return middle(self.place)

    def _must_run(self, when):
        """Neither the program nor what it has outside may have ended by itself."""
        for name, pid in (("program", self.pid), ("outside", self.outside)):
            status = process.ended(pid) if pid else None
            if status is not None:
                raise Failure(f"the {name} {process.status_text(status)} {when}"
                              + process.tail(self.place / "out"))

    def _wait(self, condition, what):
        deadline = time.monotonic() + getattr(self.program, "TIMEOUT", TIMEOUT)
        while not condition():
            self._must_run(f"and did not {what}")
            if time.monotonic() > deadline:
                raise Failure(f"the program did not {what}" + process.tail(self.place / "out"))
            time.sleep(0.005)

    def work_on(self):
        """Lets it work, and sees that it does where it shows it."""
        before = self.place.progress()
        time.sleep(BREATH)
        if before:
            self._wait(lambda: self.place.progress() > before, "go on")

    def dump(self, *more):
        self.images += 1
        images = self.place / f"images.{self.images}"
        # A program that ends by itself must not have done so yet.
        self._must_run("before its dump")
        self.tool.dump(self.pid, images, [*self.options, *more]).must_succeed()
        return images

    def dump_and_restore(self):
        images = self.dump()
        left = process.reap(5)
        if left:
            told = ", ".join(process.describe(pid) for pid in left[:10])
            raise Failure(f"left after the dump: {told}")
        run = self.tool.restore(images, self.options).must_succeed()
        told = run.pidfile.read_text().strip() if run.pidfile.exists() else "nothing"
        if told != str(self.pid):
            raise Failure(f"the pidfile holds {told}, not {self.pid}")

    def _must_end(self, name, pid):
        deadline = time.monotonic() + getattr(self.program, "TIMEOUT", TIMEOUT)
        while (status := process.ended(pid)) is None:
            if time.monotonic() > deadline:
                told = ", ".join(process.describe(pid) for pid in process.own_tree()[:10])
                raise Failure(f"the {name} does not end: {told}"
                              + process.tail(self.place / "out"))
            time.sleep(0.01)
        if status != 0:
            raise Failure(f"the {name} {process.status_text(status)}"
                          + process.tail(self.place / "out"))

    def be_refused(self):
        """A dump must tell all reasons against it, and leave the program as it was."""
        run = self.tool.dump(self.pid, self.place / "images", self.options)
        if run.status == 0 or any(text not in run.output() for text in self.program.REFUSAL):
            raise Failure(f"wanted is a refusal for {self.program.REFUSAL}; {run.story()}")

    def finish(self):
        self.place.stop()
        if self.outside:
            self._must_end("outside", self.outside)
        self._must_end("program", self.pid)
        complaint = self.program.check(self.place)
        if complaint:
            raise Failure(complaint + process.tail(self.place / "out"))
        left = process.reap(1)
        if left:
            told = ", ".join(process.describe(pid) for pid in left[:10])
            raise Failure(f"left after the end: {told}")


def _start(command, place):
    """Starts a program detached: own session, no terminal, output into a file."""
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        os.setsid()
        os.chdir(place.directory)
        os.umask(0o022)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        output = os.open("out", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, 1024)
        environment = dict(ENVIRONMENT, HOME=str(place.directory), TMPDIR=str(place.directory))
        os.execvpe(command[0], command, environment)
    finally:
        os._exit(127)


def plain(job):
    job.work_on()


def once(job):
    job.dump_and_restore()
    job.work_on()


def running(job):
    job.dump("-R")
    job.work_on()


def five(job):
    for _ in range(5):
        job.dump_and_restore()
        job.work_on()


def refused(job):
    for _ in range(3):
        job.be_refused()
        job.work_on()


MODES = {"plain": plain, "once": once, "running": running, "five": five, "refused": refused}
DEFAULT = ["once", "running", "five"]


def of_program(program, wanted):
    """The modes for a program, of those wanted: what is refused (REFUSAL) has one in their place."""
    if hasattr(program, "REFUSAL"):
        return [mode for mode in wanted if mode == "plain"] or ["refused"]
    return wanted
