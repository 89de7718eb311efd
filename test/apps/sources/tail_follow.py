"""Writes into a file that tail -F follows by inotify, and replaces the file now and then."""

import os
import subprocess

from rounds import judge, must_equal, rounds

EACH = 7  # rounds until another file has the name


def main():
    grown = open("grown", "w", buffering=1)
    tail = subprocess.Popen(["tail", "-n", "+1", "-F", "grown"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    for number in rounds():
        if number % EACH == 0:
            grown.close()
            os.rename("grown", "grown.old")
            grown = open("grown", "w", buffering=1)
        for part in range(3):
            grown.write(f"line {number}.{part}\n")
        for part in range(3):
            must_equal(tail.stdout.readline(), f"line {number}.{part}\n", "what tail has read")
    tail.terminate()
    must_equal((tail.stdout.read(), tail.wait()), ("", -15), "the end of tail")


judge(main)
