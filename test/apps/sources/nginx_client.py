"""nginx with a master and two workers, and clients that keep their connections.

One asks for page after page, one reads a long answer little by little, one sends its requests in
halves.
"""

import http.client
import os
import pathlib
import random

from rounds import Wrong, judge, must_equal, rounds
from server import connected, free_port, running

PAGES = 50
LONG = 3 << 20
PIECE = 50_000

CONFIGURATION = """
daemon off;
worker_processes 2;
user nobody nogroup;
pid nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log access.log;
    keepalive_requests 1000000;
    keepalive_timeout 600;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    sendfile on;
    server {{ listen 127.0.0.1:{port}; root pages; }}
}}
"""


class Client(http.client.HTTPConnection):
    """A connection that is never opened a second time."""

    def __init__(self, port):
        super().__init__("127.0.0.1", port)
        self.auto_open = False
        self.sock = connected(("127.0.0.1", port))

    def ask(self, path):
        self.request("GET", path)
        answer = self.getresponse()
        must_equal(answer.status, 200, path)
        return answer


class Download:
    """A long answer, of which a piece is read at a time."""

    def __init__(self, port, wanted):
        self.client, self.wanted = Client(port), wanted
        self.answer, self.seen = self.client.ask("/long"), 0

    def read_on(self):
        piece = self.answer.read(PIECE)
        if piece != self.wanted[self.seen:self.seen + len(piece)] or not piece:
            raise Wrong(f"the long answer is wrong at {self.seen}")
        self.seen += len(piece)
        if self.seen == LONG:
            self.answer.read()
            self.answer, self.seen = self.client.ask("/long"), 0


def page(number):
    return f"this is page {number}\n" * (number + 1)


def prepare(port):
    directory = pathlib.Path("pages")
    directory.mkdir()
    for number in range(PAGES):
        (directory / str(number)).write_text(page(number))
    long = random.Random(5).randbytes(LONG)
    (directory / "long").write_bytes(long)
    pathlib.Path("nginx.conf").write_text(CONFIGURATION.format(port=port))
    return long


def main():
    port = free_port()
    long = prepare(port)
    with running("/usr/sbin/nginx", "-p", os.getcwd(), "-c", "nginx.conf", "-e", "stderr"):
        reader, halves, download = Client(port), connected(("127.0.0.1", port)), Download(port, long)
        answers = halves.makefile("rb")
        halves.sendall(b"GET /0 HT")
        for number in rounds():
            wanted = page(number % PAGES).encode()
            must_equal(reader.ask(f"/{number % PAGES}").read(), wanted, f"page {number}")
            halves.sendall(b"TP/1.1\r\nHost: here\r\n\r\nGET /0 HT")
            while (line := answers.readline()) not in (b"\r\n", b""):
                pass
            must_equal((line, answers.read(len(page(0)))), (b"\r\n", page(0).encode()), "page 0")
            download.read_on()


judge(main)
