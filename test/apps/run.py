#!/usr/bin/env python3
"""Runs programs of the distribution across dump and restore, and looks at their final results.

Each program is started detached (own session, no terminal, output into files), dumped in the
middle of its work, and restored: once, five times in a row, or it is dumped and left running.
"""

import argparse
import fnmatch
import importlib
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
# The runner of the zdtm tests starts the tool and watches over processes here as well.
sys.path[:0] = [str(HERE), str(HERE.parent / "zdtm")]

from driver import modes, place  # noqa: E402
from runner import process, tool  # noqa: E402


def load(names):
    found = sorted(path.stem for path in (HERE / "programs").glob("[a-z]*.py"))
    chosen = [name for name in found
              if not names or any(fnmatch.fnmatchcase(name, wanted) for wanted in names)]
    if not chosen:
        sys.exit("run.py: no such program")
    return {name: importlib.import_module(f"programs.{name}") for name in chosen}


def perform(program, mode, options, directory, kit):
    """One run, in the process made for it; gives what is to be told of it."""
    process.become_subreaper()
    directory.mkdir()
    try:
        job = modes.Job(program, tool.Tool(options.crtool, directory), place.Place(directory, kit))
        modes.MODES[mode](job)
        job.finish()
        return ""
    except process.Failure as failure:
        return str(failure)
    except Exception:  # a fault of the driver is a failure as well
        return traceback.format_exc()
    finally:
        process.kill_all()


def perform_apart(*args):
    """Every run has a process of its own, the subreaper of all that it starts."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        os.close(reader)
        os.write(writer, perform(*args).encode()[:60000] + b"\0")
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        text = file.read()
    os.waitpid(pid, 0)
    return text.removesuffix(b"\0").decode() if text else "the run ended without an outcome"


def run_program(name, program, options, directory, counts):
    wanted = modes.of_program(program, options.modes)
    missing = [need for need in getattr(program, "NEEDS", []) if shutil.which(need) is None]
    if missing:
        counts["skipped"] += len(wanted)
        print(f"skipped {name}: needs {', '.join(missing)}", flush=True)
        return
    kit = directory / f"{name}.kit"
    kit.mkdir()
    getattr(program, "prepare", lambda _: None)(kit)
    for mode in wanted:
        began = time.monotonic()
        own = directory / f"{name}.{mode}"
        text = perform_apart(program, mode, options, own, kit)
        outcome = "failed" if text else "passed"
        counts[outcome] += 1
        print(f"{outcome:8}{name} [{mode}] {time.monotonic() - began:.1f} s", flush=True)
        if text:
            print(f"    {text}\n    kept: {own}", flush=True)
        elif not options.keep:
            shutil.rmtree(own, ignore_errors=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="programs to run, globs allowed (default: all)")
    parser.add_argument("--crtool", type=pathlib.Path, help="the tool (not needed for plain)")
    parser.add_argument("--mode", default=",".join(modes.DEFAULT),
                        help="of " + ",".join(modes.MODES) + " (default: %(default)s)")
    parser.add_argument("--keep", action="store_true", help="keep all directories")
    parser.add_argument("--work", type=pathlib.Path, help="where directories are made")
    options = parser.parse_args()
    options.modes = options.mode.split(",")
    for mode in options.modes:
        if mode not in modes.MODES:
            parser.error(f"no such mode: {mode}")
    if options.crtool is None and options.modes != ["plain"]:
        parser.error("--crtool is needed for other modes than plain")
    if options.crtool is not None:
        options.crtool = options.crtool.resolve()
    return options


def main():
    options = parse_options()
    programs = load(options.names)
    directory = pathlib.Path(tempfile.mkdtemp(prefix="apps.", dir=options.work))
    directory.chmod(0o711)  # some servers change their user
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    for name, program in programs.items():
        run_program(name, program, options, directory, counts)
    if not options.keep and not counts["failed"]:
        shutil.rmtree(directory, ignore_errors=True)
    print("{passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
