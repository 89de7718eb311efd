"""The httpd of busybox, which has a process for each connection, and clients of it.

Pages are asked for one by one; beside them one answer that never ends comes from a script.
"""

import http.client
import pathlib

from rounds import judge, must_equal, rounds
from server import PATIENCE, connected, free_port, running

SCRIPT = """#!/bin/sh
printf 'Content-Type: text/plain\\r\\n\\r\\n'
number=0
while :; do
    echo $((number += 1))
    sleep 0.01
done
"""


def page(number):
    return f"this is page {number}\n" * (number * number + 1)


def prepare():
    directory = pathlib.Path("pages")
    (directory / "cgi-bin").mkdir(parents=True)
    for number in range(20):
        (directory / str(number)).write_text(page(number))
    script = directory / "cgi-bin" / "endless"
    script.write_text(SCRIPT)
    script.chmod(0o755)


def ask(port, path):
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    client.request("GET", path)
    answer = client.getresponse()
    must_equal(answer.status, 200, path)
    return answer


def main():
    port = free_port()
    prepare()
    with running("busybox", "httpd", "-f", "-p", f"127.0.0.1:{port}", "-h", "pages"):
        connected(("127.0.0.1", port)).close()
        endless = ask(port, "/cgi-bin/endless")
        for number in rounds():
            must_equal(endless.readline(), f"{number}\n".encode(), "the answer without an end")
            with ask(port, f"/{number % 20}") as answer:
                must_equal(answer.read().decode(), page(number % 20), f"page {number % 20}")
        endless.close()


judge(main)
