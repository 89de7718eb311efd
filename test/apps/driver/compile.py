"""Compiles a program of the sources directory into a kit."""

import pathlib
import subprocess

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "sources"


def compiled(kit, compiler, source, *flags):
    target = kit / pathlib.Path(source).stem
    subprocess.run([compiler, "-O2", "-Wall", *flags, str(SOURCES / source), "-o", str(target)],
                   check=True)
    return target
