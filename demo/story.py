"""A program with threads, a generator in the middle of its work, and a pipe with unread data."""
import os
import threading
import time


def primes():
    known = []
    candidate = 2
    while True:
        if all(candidate % p for p in known):
            known.append(candidate)
            yield candidate
        candidate += 1


ticks = 0


def tick():
    global ticks
    while True:
        time.sleep(0.1)
        ticks += 1


threading.Thread(target=tick, daemon=True).start()
reader, writer = os.pipe()
os.write(writer, b"written into a pipe before the dump")
for prime in primes():
    print(f"process {os.getpid()}: prime {prime}, ticks of the other thread {ticks}", flush=True)
    if os.path.exists("ask"):
        os.rename("ask", "asked")
        print("out of the pipe:", os.read(reader, 100).decode(), flush=True)
    time.sleep(0.2)
