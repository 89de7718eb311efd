"""mariadbd as the user nobody, and three sessions of its client, by TCP and by its unix socket.

Usage: mariadb_client.py DATA (what mariadb-install-db has made). A transaction is open whenever the
file progress grows: one session writes in it, one must not see that before it commits, and one waits
for a row that it has locked.
"""

import pathlib
import subprocess
import sys
import time

from rounds import judge, must_equal, rounds
from server import connected, free_port, running
from sql_session import Session

SERVER = ["/usr/sbin/mariadbd", "--no-defaults", "--user=nobody", "--bind-address=127.0.0.1",
          "--skip-grant-tables", "--innodb-buffer-pool-size=16M", "--innodb-log-file-size=8M",
          "--innodb-flush-log-at-trx-commit=0", "--innodb-lock-wait-timeout=1000",
          # Its requests live in the kernel only (io_uring).
          "--innodb-use-native-aio=0"]
EACH = 4  # rounds in a transaction


def client(*where):
    return Session(["mariadb", "--no-defaults", "-NBn", "--skip-reconnect", "-uroot", *where],
                   "select 'done';")


def set_up(session):
    session.must("create database work; use work")
    session.must("create table written (number int primary key) engine=innodb")
    session.must("create table counter (value int) engine=innodb")
    session.must("insert into counter values (0)")
    session.must("create table many (number int, text char(32)) engine=aria")
    session.must("insert into many select seq, md5(seq) from seq_1_to_5000")


def begin(writer, waiter):
    writer.must("begin")
    writer.must("update counter set value = value + 1")
    waiter.send("update counter set value = value + 100; select value from counter")


def work(writer, reader, waiter):
    set_up(reader)
    writer.must("use work")
    waiter.must("use work")
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
                    f"{committed}\t{committed}")
        reader.must("select value from counter", str(value))
        reader.must("select count(distinct text), sum(text = md5(number)) from many", "5000\t5000")
    writer.must("rollback")
    must_equal(waiter.answer(), [str(value + 100)], "the counter at last")


def wait_until_it_serves(port):
    connected(("127.0.0.1", port)).close()
    question = ["mariadb", "--no-defaults", "-h127.0.0.1", f"-P{port}", "-e", "select 1"]
    while subprocess.run(question, check=False, capture_output=True).returncode != 0:
        time.sleep(0.05)


def main():
    port = free_port()
    data = pathlib.Path("data").absolute()
    subprocess.run(["cp", "-a", sys.argv[1], data], check=True)
    by_name, by_port = f"--socket={data}/socket", f"--port={port}"
    places = [f"--{name}={data}" for name in ("datadir", "tmpdir")]
    with running(*SERVER, *places, by_name, by_port, f"--pid-file={data}/pid"):
        wait_until_it_serves(port)
        by_tcp = ["--protocol=tcp", "-h127.0.0.1", by_port]
        sessions = [client(*by_tcp), client(by_name), client(*by_tcp)]
        work(*sessions)
        for session in sessions:
            session.end()


judge(main)
