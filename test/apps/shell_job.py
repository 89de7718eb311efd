#!/usr/bin/env python3
"""A job of an interactive shell is dumped from outside, and restored by another job of the shell.

The restored program has the terminal of crtool restore, in the foreground: it reads what is typed,
and ends by the key.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "sources"))

from in_terminal import Terminal  # noqa: E402

JOB = "echo started; while read -r line; do echo \"<$line>\"; done </dev/tty"


def start_shell():
    shell = Terminal(["bash", "--norc", "--noprofile", "-i"])
    shell.expect("ready> ")
    shell.type("bind 'set enable-bracketed-paste off'; stty -echo; echo be''gin\n")
    shell.expect("begin\r\n")
    shell.expect("ready> ")
    return shell


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--crtool", type=pathlib.Path, required=True)
    crtool = parser.parse_args().crtool.resolve()
    with tempfile.TemporaryDirectory(prefix="shell_job.") as directory:
        images = pathlib.Path(directory) / "images"
        images.mkdir()
        shell = start_shell()
        shell.type(f"sh -c '{JOB}'\n")
        shell.expect("started\r\n")
        shell.type("before\n")
        shell.expect("<before>\r\n")
        job = os.tcgetpgrp(shell.master)
        refused = subprocess.run([crtool, "dump", "-t", str(job), "-D", images],
                                 stderr=subprocess.PIPE, text=True, check=False)
        if refused.returncode == 0 or "--shell-job" not in refused.stderr:
            sys.exit(f"without --shell-job it is not refused: {refused.stderr!r}")
        subprocess.run([crtool, "dump", "-t", str(job), "-D", images, "--shell-job"], check=True)
        shell.expect("ready> ")
        for number in (1, 2):
            shell.type(f"{crtool} restore -D {images} --shell-job; echo status $?\n")
            shell.type(f"line {number}\n")
            shell.expect(f"<line {number}>\r\n")
            if os.tcgetpgrp(shell.master) != job:
                sys.exit("the restored job does not have the terminal")
            shell.type("\x03")
            shell.expect("status 130")
            shell.expect("ready> ")
        shell.type("exit 0\n")
        shell.end()


main()
