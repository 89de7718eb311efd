"""postgresql 15 as the user postgres, and three sessions of psql.

Usage: postgresql_client.py mmap|sysv (where its shared buffers are) DATA (what initdb has made). A
transaction is open whenever the file progress grows: one session writes in it, one must not see that
before it commits, and one waits for a row that it has locked.
"""

import pathlib
import signal
import subprocess
import sys
import time

from rounds import judge, must_equal, rounds
from server import connected, free_port, running
from sql_session import Session

BINARIES = "/usr/lib/postgresql/15/bin/"
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
ROWS = 20_000
EACH = 4  # rounds in a transaction


def psql(host, port):
    return Session([BINARIES + "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", str(port),
                    "-U", "postgres", "postgres"], "\\echo done")


def set_up(session):
    session.must("create table written (number int primary key)")
    session.must("create table counter (value int)")
    session.must("insert into counter values (0)")
    session.must(f"create table many as select i, md5(i::text) as text "
                 f"from generate_series(1, {ROWS}) i")
    # Two helpers of a query share memory with it.
    session.must("set max_parallel_workers_per_gather = 2")
    session.must("set parallel_setup_cost = 0")
    session.must("set parallel_tuple_cost = 0")
    session.must("set min_parallel_table_scan_size = 0")


def begin(writer, waiter):
    writer.must("begin")
    writer.must("update counter set value = value + 1")
    waiter.send("update counter set value = value + 100 returning value")


def work(writer, reader, waiter):
    set_up(reader)
    committed, value = 0, 0
    begin(writer, waiter)
    for number in rounds():
        writer.must(f"insert into written values ({number})")
        if number % EACH == 0:
            writer.must("commit")
            committed, value = number, value + 101
            must_equal(waiter.answer(), [str(value)], "the counter, waited for")
            begin(writer, waiter)
        reader.must("select count(*), coalesce(max(number), 0) from written",
                    f"{committed}|{committed}")
        reader.must("select value from counter", str(value))
        reader.must("select count(*), count(distinct text) from many where i % 2 = 0",
                    f"{ROWS // 2}|{ROWS // 2}")
    writer.must("rollback")
    must_equal(waiter.answer(), [str(value + 100)], "the counter at last")
    reader.must("select count(*) from written", str(committed))


def wait_until_it_serves(port):
    connected(("127.0.0.1", port)).close()
    question = [BINARIES + "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(question, check=False).returncode != 0:
        time.sleep(0.05)


def main():
    port = free_port()
    data = pathlib.Path("data").absolute()
    subprocess.run(["cp", "-a", sys.argv[2], data], check=True)
    command = [*AS_POSTGRES, BINARIES + "postgres", "-D", data, "-p", str(port), "-k", data,
               "-c", "fsync=off", "-c", "shared_buffers=8MB", "-c", "listen_addresses=127.0.0.1",
               "-c", f"shared_memory_type={sys.argv[1]}"]
    with running(*command, end=lambda server: server.send_signal(signal.SIGINT)):
        wait_until_it_serves(port)
        sessions = [psql("127.0.0.1", port), psql(data, port), psql(data, port)]
        work(*sessions)
        for session in sessions:
            session.end()


judge(main)
