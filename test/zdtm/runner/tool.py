"""Runs crtool, in surroundings that must not rub off on the tree."""

import os
import signal
import subprocess

from . import process

LIMIT = 60  # seconds for one run of the tool


class Tool:
    def __init__(self, binary, directory):
        self.binary = str(binary)
        self.directory = directory

    def dump(self, pid, images, args, fault=None):
        return self._run("dump", images, ["-t", str(pid), *args], fault)

    def restore(self, images, args, fault=None, given=()):
        pidfile = images / "pidfile"
        pidfile.unlink(missing_ok=True)
        run = self._run("restore", images, ["-d", "--pidfile", str(pidfile), *args], fault,
                        given)
        run.pidfile = pidfile
        return run

    def _run(self, verb, images, args, fault, given=()):
        images.mkdir(exist_ok=True)
        command = [self.binary, verb, "-D", str(images), "-o", f"{verb}.log", "-v4", *args]
        environment = dict(os.environ)
        environment.pop("CRTOOL_FAULT", None)
        if fault is not None:
            environment["CRTOOL_FAULT"] = str(fault)
        console = self.directory / f"tool.{verb}"
        log = images / f"{verb}.log"
        log.unlink(missing_ok=True)
        # A descriptor, an ignored and a blocked signal, a umask and a cwd that no task may inherit.
        stray = os.open("/dev/null", os.O_RDONLY)
        try:
            with open(console, "wb") as output:
                child = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/",
                    umask=0o077, pass_fds=(stray, *given), env=environment, preexec_fn=_odd_signals)
                try:
                    status = child.wait(LIMIT)
                except subprocess.TimeoutExpired:
                    child.kill()
                    child.wait()
                    raise process.Failure(
                        f"{verb} took more than {LIMIT} s" + process.tail(console)
                        + process.tail(log)) from None
        finally:
            os.close(stray)
        return Run(verb, status, console, log)


class Run:
    """One finished run of the tool."""

    def __init__(self, verb, status, console, log):
        self.verb, self.status, self.console, self.log = verb, status, console, log
        self.pidfile = None

    def output(self):
        texts = []
        for path in (self.console, self.log):
            try:
                texts.append(path.read_text(errors="replace"))
            except OSError:
                pass
        return "".join(texts)

    def story(self):
        """What happened, for a message about a failure."""
        ended = f"exit {self.status}" if self.status >= 0 else f"signal {-self.status}"
        return f"{self.verb}: {ended}" + process.tail(self.console) + process.tail(self.log)

    def must_succeed(self):
        if self.status != 0:
            raise process.Failure(self.story())
        return self


def _odd_signals():
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
