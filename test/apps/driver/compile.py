"""Programs of the sources directory: compiled into a kit, or the command that runs one."""

import pathlib
import subprocess

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "sources"


def compiled(kit, compiler, source, *flags):
    target = kit / pathlib.Path(source).stem
    subprocess.run([compiler, "-O2", "-Wall", *flags, str(SOURCES / source), "-o", str(target)],
                   check=True)
    return target


def python(source, *words):
    return ["/usr/bin/python3", "-B", str(SOURCES / source), *map(str, words)]
