"""A transaction that stays open while it grows, in a WAL database; a second process tries all the
time to write, must be locked out, and sees only what was committed before."""

import multiprocessing
import sqlite3

from rounds import judge, must_equal, rounds

COMMITTED = 3


def connect():
    return sqlite3.connect("rows.db", isolation_level=None, timeout=0)


def squares(count):
    return sum(number * number for number in range(count))


def visible(connection):
    return connection.execute("SELECT count(*), sum(square) FROM rows").fetchone()


def be_rival(pipe):
    """Tells that it is locked out, what it finds while it is, and what once it is not any more."""
    pipe.recv()
    connection, committed = connect(), (COMMITTED, squares(COMMITTED))
    told = False
    while not pipe.poll(0.005):
        try:
            connection.execute("BEGIN IMMEDIATE")
            return pipe.send("it is not locked out")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or visible(connection) != committed:
                return pipe.send(f"{error}; it sees {visible(connection)}")
        if not told:
            pipe.send("locked out")
            told = True
    pipe.send(pipe.recv())
    pipe.recv()
    connection.execute("BEGIN IMMEDIATE")
    pipe.send(visible(connection))
    connection.execute("ROLLBACK")


def add(connection, number):
    connection.execute("INSERT INTO rows VALUES (?, ?)", (number, number * number))


def main():
    here, there = multiprocessing.Pipe()
    rival = multiprocessing.Process(target=be_rival, args=(there,), daemon=True)
    rival.start()
    connection = connect()
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, square INTEGER)")
    for number in range(COMMITTED):
        add(connection, number)
    connection.execute("BEGIN IMMEDIATE")
    here.send("begin")
    must_equal(here.recv(), "locked out", "the rival at the beginning")
    for number in rounds(0.002):
        add(connection, COMMITTED + number - 1)
    here.send("end")
    must_equal(here.recv(), "end", "the rival at the end")
    connection.execute("COMMIT")
    here.send("committed")
    total = COMMITTED + number
    must_equal(here.recv(), (total, squares(total)), "what the rival sees then")
    must_equal(connection.execute("PRAGMA integrity_check").fetchone()[0], "ok", "the database")
    rival.join()


judge(main)
