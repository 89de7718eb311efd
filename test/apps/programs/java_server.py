"""java: an HTTP server with clients, a schedule, and threads that keep the garbage collector busy."""

import subprocess

from driver.compile import SOURCES
from driver.place import right as check  # noqa: F401

NEEDS = ["java", "javac"]


def prepare(kit):
    subprocess.run(["javac", "-d", str(kit), str(SOURCES / "JavaServer.java")], check=True)


def command(place):
    return ["java", "-Xmx96m", "-XX:+UseG1GC", "-XX:ParallelGCThreads=2",
            "-cp", str(place.kit), "JavaServer"]
