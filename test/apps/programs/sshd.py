"""sshd with three sessions: one in a terminal, one without, one that carries a stream of data."""

import subprocess

from driver.compile import python
from driver.place import right as check  # noqa: F401

NEEDS = ["/usr/bin/python3", "/usr/sbin/sshd", "ssh", "ssh-keygen"]


def prepare(kit):
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", kit / name], check=True)


def command(place):
    return python("sshd_sessions.py", place.kit)
