"""Clients of apache2 that are not in its tree: one connection is kept, others come all the time.

Usage: apache_client.py PORT PIDFILE (of the server, which is ended at last). A connection that comes
while the server is not there, or is being stopped, may be refused or reset; the one that is kept may
not.
"""

import http.client
import os
import pathlib
import signal
import sys
import threading

from rounds import judge, must_equal, rounds
from server import be_outside, connected

PAGE = b"a page\n" * 2000
VISITORS = 3


def ask(client, path):
    client.request("GET", path)
    answer = client.getresponse()
    return answer.status, answer.read()


class Visitor(threading.Thread):
    """Comes with a new connection for each page; it waits for a server where there is none."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.served, self.wrong, self.is_over = port, 0, None, False

    def run(self):
        while not self.is_over:
            client = http.client.HTTPConnection("127.0.0.1", self.port)
            try:
                answer = ask(client, "/page")
                self.served += 1
                if answer != (200, PAGE):
                    self.wrong = answer
            except (OSError, http.client.HTTPException):
                pass
            client.close()


def main():
    be_outside()
    port = int(sys.argv[1])
    kept = http.client.HTTPConnection("127.0.0.1", port)
    kept.auto_open = False
    kept.sock = connected(("127.0.0.1", port))
    visitors = [Visitor(port) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    for number in rounds():
        before = [visitor.served for visitor in visitors]
        must_equal(ask(kept, "/page"), (200, PAGE), "a page")
        must_equal(ask(kept, f"/cgi/script?{number}"), (200, f"asked for {number}\n".encode()),
                   "an answer of the program")
        while any(now.served == old for now, old in zip(visitors, before)):
            must_equal([visitor.wrong for visitor in visitors], [None] * VISITORS, "pages")
    for visitor in visitors:
        visitor.is_over = True
    for visitor in visitors:
        visitor.join()
    kept.close()
    os.kill(int(pathlib.Path(sys.argv[2]).read_text()), signal.SIGTERM)


judge(main)
