"""Feeds the command line of sqlite3 through a FIFO, a few lines at a time, and checks each answer.

Its transactions last for several rounds, so that it holds locks and a journal most of the time.
"""

import os
import subprocess
import time

from rounds import judge, must_equal, rounds

EACH = 7  # rounds in one transaction


def start():
    os.mkfifo("commands")
    reader = os.open("commands", os.O_RDONLY | os.O_NONBLOCK)
    commands = open("commands", "w", buffering=1)
    os.set_blocking(reader, True)
    shell = subprocess.Popen(["sqlite3", "-batch", "-bail", "goods.db"], stdin=reader,
                             stdout=subprocess.PIPE, text=True)
    os.close(reader)
    return shell, commands


def main():
    shell, commands = start()
    commands.write("CREATE TABLE goods (name TEXT UNIQUE, price INTEGER);\n")
    total = 0
    for number in rounds(0.002):
        if number % EACH == 1:
            commands.write("BEGIN;\n")
        commands.write(f"INSERT INTO goods VALUES\n('thing {number}', {3 * number});\n")
        commands.write("SELECT count(*), sum(price),\n")
        time.sleep(0.002)  # the shell waits inside a statement
        commands.write("max(price) FROM goods;\n")
        total += 3 * number
        must_equal(shell.stdout.readline(), f"{number}|{total}|{3 * number}\n", "the answer")
        if number % EACH == 0:
            commands.write("COMMIT;\n")
    if number % EACH != 0:
        commands.write("COMMIT;\n")
    commands.write("PRAGMA integrity_check;\n")
    commands.close()
    must_equal((shell.stdout.read(), shell.wait()), ("ok\n", 0), "the end of the shell")


judge(main)
