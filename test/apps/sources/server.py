"""What the clients of servers share: a free port, a server in the tree, and connections to it."""

import contextlib
import pathlib
import socket
import subprocess
import time

PATIENCE = 100  # seconds; the machine may be busy, and a dump takes its time


def be_outside():
    """By this name the runner knows that the process does not belong to the tree."""
    pathlib.Path("/proc/self/comm").write_text("outsider")


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connected(address):
    """A connection to a server, by (host, port) or by path, as soon as it listens there."""
    family = socket.AF_INET if isinstance(address, tuple) else socket.AF_UNIX
    end = time.monotonic() + PATIENCE
    while True:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.connect(address)
            connection.settimeout(PATIENCE)
            if family == socket.AF_INET:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        except OSError:
            connection.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.02)


@contextlib.contextmanager
def running(*command, end=subprocess.Popen.terminate, **more):
    """A server in the tree, which must end well when it is told to."""
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, **more)
    try:
        yield server
    except BaseException:
        server.kill()
        raise
    end(server)
    status = server.wait(PATIENCE)
    if status not in (0, -15):
        raise OSError(f"{command[0]} ended with status {status}")
