"""A client of redis-server: 100,000 keys, a counter and messages.

Usage: redis_client.py inside (starts a server of its own) | outside PORT (ends it at last).
"""

import sys

from rounds import Wrong, judge, must_equal, rounds
from server import be_outside, connected, free_port, running

KEYS = 100_000
PIPELINE = 50


class Redis:
    """A connection; requests may be sent before the answers of earlier ones are read."""

    def __init__(self, address):
        self.socket = connected(address)
        self.file = self.socket.makefile("rb")

    def send(self, *commands):
        text = []
        for command in commands:
            words = [str(word).encode() for word in command]
            text.append(b"*%d\r\n" % len(words))
            text += [b"$%d\r\n%b\r\n" % (len(word), word) for word in words]
        self.socket.sendall(b"".join(text))

    def answer(self):
        line = self.file.readline()
        if not line.endswith(b"\r\n"):
            raise Wrong(f"the connection ended with {line!r}")
        kind, text = line[:1], line[1:-2].decode()
        if kind == b"$":
            return self.file.read(int(text) + 2)[:-2].decode()
        if kind == b"*":
            return [self.answer() for _ in range(int(text))]
        if kind == b"-":
            raise Wrong(f"redis says {text}")
        return int(text) if kind == b":" else text

    def ask(self, *command):
        self.send(command)
        return self.answer()


def value(key):
    return f"value {key * 7919 % 1_000_003}"


def fill(redis):
    for start in range(0, KEYS, 1000):
        words = [word for key in range(start, start + 1000) for word in (f"key:{key}", value(key))]
        must_equal(redis.ask("MSET", *words), "OK", "MSET")


def check_all(redis):
    for start in range(0, KEYS, 1000):
        keys = range(start, start + 1000)
        must_equal(redis.ask("MGET", *(f"key:{key}" for key in keys)),
                   [value(key) for key in keys], f"keys from {start}")
    must_equal(redis.ask("DBSIZE"), KEYS + 1, "number of keys")


def work(address, other_address):
    redis, listener = Redis(address), Redis(other_address)
    fill(redis)
    must_equal(listener.ask("SUBSCRIBE", "news"), ["subscribe", "news", 1], "SUBSCRIBE")
    count = 0
    increments = [["INCR", "counter"]] * PIPELINE
    redis.send(*increments)  # unanswered until the round after it
    for number in rounds():
        redis.send(*increments, ["PUBLISH", "news", number], ["GET", f"key:{number}"])
        for _ in range(PIPELINE):
            count += 1
            must_equal(redis.answer(), count, "the counter")
        redis.send(*increments)
        for _ in range(PIPELINE):
            count += 1
            must_equal(redis.answer(), count, "the counter")
        must_equal(redis.answer(), 1, "who heard the news")
        must_equal(redis.answer(), value(number), f"key {number}")
        must_equal(listener.answer(), ["message", "news", str(number)], "the news")
    for _ in range(PIPELINE):
        count += 1
        must_equal(redis.answer(), count, "the counter")
    check_all(redis)
    return redis


def inside():
    port = free_port()
    with running("redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
                 "--unixsocket", "redis.sock"):
        work(("127.0.0.1", port), "redis.sock")


def outside():
    be_outside()
    address = "127.0.0.1", int(sys.argv[2])
    work(address, address).send(["SHUTDOWN", "NOSAVE"])


judge(inside if sys.argv[1] == "inside" else outside)
