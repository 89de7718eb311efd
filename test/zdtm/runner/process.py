"""Processes of one run: starting the test, waiting for its files, and leaving nothing behind.

Each run has a process of its own, which is the subreaper of all that it starts. What is left of a
tree therefore becomes its child, and can be found, waited for and killed by pid alone.
"""

import ctypes
import os
import resource
import signal
import sys
import time

from . import snapshot

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "HOME": "/"}


class Failure(Exception):
    """Why a run failed."""


class Skip(Exception):
    """Why a run was skipped."""


def _prctl(option, value):
    if ctypes.CDLL(None).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(f"prctl({option})")


def become_subreaper():
    _prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent():
    """A runner that ends early ends its runs, too, and those clean up behind them."""
    signal.signal(signal.SIGTERM, _leave_once)
    _prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _leave_once(*_):
    """A second signal must not break into the cleaning up that the first one has begun."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(1)


def start(program, directory, *arguments):
    """Starts a test's root in a session of its own and gives its pid."""
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        os.setsid()
        os.chdir(directory)
        os.umask(0o022)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        inputs = os.open("/dev/null", os.O_RDONLY)
        output = os.open("out", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        os.dup2(inputs, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, 1024)
        os.execve(program, [str(program), str(directory), *arguments], ENVIRONMENT)
    finally:
        os._exit(127)


def ended(pid):
    """The wait status of a child that has ended, else None. Reaps it."""
    try:
        done, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return -1
    return status if done == pid else None


def status_text(status):
    if status == -1:
        return "is gone"
    if os.WIFSIGNALED(status):
        return f"was killed by {signal.Signals(os.WTERMSIG(status)).name}"
    return f"ended with status {os.WEXITSTATUS(status)}"


def must_not_have_failed(directory):
    """A failure that the test itself has found says more than any difference."""
    text = _result(directory)
    if text.startswith("FAIL"):
        raise Failure(text)


def _result(directory):
    try:
        return (directory / "result").read_text().strip()
    except FileNotFoundError:
        return ""


def _judge(text, status, directory):
    if text.startswith("SKIP"):
        raise Skip(text[5:])
    if text != "PASS" or status not in (0, None):
        if text.startswith("FAIL"):
            raise Failure(text)
        raise Failure(f"the root {status_text(status)}" + tail(directory / "out"))


def wait_ready(pid, directory, seconds):
    """Waits until the test is ready; a result that comes first is final."""
    deadline = time.monotonic() + seconds
    while not (directory / "ready").exists():
        status = ended(pid)
        if status is not None:
            text = _result(directory)
            _judge(text, status, directory)
            raise Failure(f"the root {status_text(status)} before it was ready")
        must_not_have_failed(directory)
        if time.monotonic() > deadline:
            raise Failure(f"not ready after {seconds} s" + tail(directory / "out"))
        time.sleep(0.002)
    told = int((directory / "ready").read_text())
    if told != pid:
        raise Failure(f"ready names pid {told}, not {pid}")


def release(directory):
    """Lets the test go on."""
    (directory / "go").touch()


def wait_result(pid, directory, seconds):
    """Waits for the end of the root, and raises unless the test has passed."""
    deadline = time.monotonic() + seconds
    while True:
        status = ended(pid)
        if status is not None:
            _judge(_result(directory), status, directory)
            return
        must_not_have_failed(directory)
        if time.monotonic() > deadline:
            raise Failure(f"no result {seconds} s after go" + tail(directory / "out"))
        time.sleep(0.002)


def reap(seconds):
    """Waits for all children; gives the pids of those that live on."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            done, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return []
        if done == 0:
            if only_outsiders():
                return []
            if time.monotonic() > deadline:
                return own_tree()
            time.sleep(0.001)


def only_outsiders():
    """Whether all children are what a test has outside of its tree (lib/outsider.h)."""
    children = snapshot.read(f"/proc/self/task/{os.getpid()}/children").split()
    return all(snapshot.read(f"/proc/{pid}/comm").strip() == "outsider" for pid in children)


def own_tree():
    """All processes below this one."""
    return snapshot.tree(os.getpid())[1:]


def describe(pid):
    command = snapshot.read(f"/proc/{pid}/comm").strip()
    state = (snapshot.stat_fields(f"/proc/{pid}/stat") or ["?"])[0]
    return f"{pid} {command} {state}"


def kill_all(seconds=10):
    """Kills and reaps all that is below this process."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        left = own_tree()
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        if not reap(0.2):
            return


def tail(path, lines=15):
    """The end of a file, as an indented addition to a message."""
    try:
        text = path.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return ""
    return "".join(f"\n    {path.name}: {line}" for line in text)
