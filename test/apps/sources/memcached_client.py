"""memcached with four threads, and clients of it by TCP and UDP."""

import itertools
import socket
import struct

from rounds import Wrong, judge, must_equal, rounds
from server import PATIENCE, connected, free_port, running

KEYS = 20_000
CONNECTIONS = 8


class Memcached:
    def __init__(self, address):
        self.socket = connected(address)
        self.file = self.socket.makefile("rb")

    def send(self, text):
        self.socket.sendall(text.encode())

    def line(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise Wrong(f"the connection ended with {line!r}")
        return line[:-2].decode()

    def expect(self, wanted, what):
        must_equal([self.line() for _ in wanted], wanted, what)


class Datagrams:
    """The same protocol by UDP: eight bytes before each request and answer tell which it is."""

    def __init__(self, port):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.settimeout(PATIENCE)
        self.numbers = itertools.count(1)

    def ask(self, text):
        number = next(self.numbers) & 0xFFFF
        self.socket.send(struct.pack("!4H", number, 0, 1, 0) + text.encode())
        answer = self.socket.recv(2000)
        must_equal(struct.unpack("!4H", answer[:8]), (number, 0, 1, 0), "head of a datagram")
        return answer[8:].decode()


def value(key):
    return f"value-{key * 7919 % 1_000_003}"


def fill(server):
    for start in range(0, KEYS, 1000):
        keys = range(start, start + 1000)
        server.send("".join(f"set {key} {key} 0 {len(value(key))}\r\n{value(key)}\r\n"
                            for key in keys))
        server.expect(["STORED"] * len(keys), "answers to set")


def get(server, *keys):
    server.send(f"get {' '.join(map(str, keys))}\r\n")
    return keys


def check_get(server, keys):
    lines = [line for key in keys for line in (f"VALUE {key} {key} {len(value(key))}", value(key))]
    server.expect([*lines, "END"], f"keys {keys}")


def work(servers, datagrams):
    fill(servers[0])
    servers[0].send("set counter 0 0 1\r\n0\r\n")
    servers[0].expect(["STORED"], "the counter's start")
    # Each connection has a request whose answer is read in the round after it.
    waiting = [get(server, key) for key, server in enumerate(servers)]
    count = 0
    for number in rounds():
        for index, server in enumerate(servers):
            check_get(server, waiting[index])
            server.send("incr counter 1\r\n")
            count += 1
            server.expect([str(count)], "the counter")
            waiting[index] = get(server, (number * 37 + index * 1009) % KEYS)
        must_equal(datagrams.ask("incr counter 1\r\n"), f"{count + 1}\r\n", "the counter by UDP")
        count += 1
    for server, keys in zip(servers, waiting):
        check_get(server, keys)
    for start in range(0, KEYS, 100):
        check_get(servers[0], get(servers[0], *range(start, start + 100)))


def main():
    port, udp_port = free_port(), free_port(socket.SOCK_DGRAM)
    with running("memcached", "-u", "nobody", "-l", "127.0.0.1", "-p", str(port),
                 "-U", str(udp_port), "-t", "4"):
        servers = [Memcached(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
        work(servers, Datagrams(udp_port))


judge(main)
