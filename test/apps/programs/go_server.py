"""go: an HTTP server, and clients of it whose connections stay open; a ring of 200 goroutines."""

import os
import subprocess

from driver.compile import SOURCES
from driver.place import right as check  # noqa: F401

NEEDS = ["go"]


def prepare(kit):
    environment = dict(os.environ, GOCACHE=str(kit / "cache"), GOFLAGS="", GO111MODULE="off")
    subprocess.run(["go", "build", "-o", str(kit / "go_server"), str(SOURCES / "go_server.go")],
                   env=environment, check=True)


def command(place):
    return [str(place.kit / "go_server")]
