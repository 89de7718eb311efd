"""Threads that hand numbers on through queues, generators that stand half way, random numbers."""

import os
import queue
import random
import threading
import time

SEED = 20_000


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, (a + b) % 1_000_000_007


def worker(todo, done, lock, held):
    own = threading.local()
    own.count = 0
    while (number := todo.get()) is not None:
        with lock:
            held.append(number)
        own.count += 1
        done.put((number, number * number))
    done.put((None, own.count))


def main():
    todo, done, lock, held = queue.Queue(4), queue.Queue(), threading.Lock(), []
    threads = [threading.Thread(target=worker, args=(todo, done, lock, held)) for _ in range(4)]
    for thread in threads:
        thread.start()
    numbers, chance, steps, drawn = fibonacci(), random.Random(SEED), 0, []
    with open("progress", "a", buffering=1) as progress:
        while not os.path.exists("stop"):
            todo.put(next(numbers))
            drawn.append(chance.random())
            steps += 1
            if steps % 20 == 0:
                progress.write("x")
                progress.flush()
            time.sleep(0.001)
    for _ in threads:
        todo.put(None)
    for thread in threads:
        thread.join()
    answers = [done.get_nowait() for _ in range(steps + len(threads))]
    squares = [square for number, square in answers if number is not None]
    again, fresh = fibonacci(), random.Random(SEED)
    wanted = [next(again) for _ in range(steps)]
    right = (sorted(squares) == sorted(n * n for n in wanted)
             and sorted(held) == sorted(wanted)
             and sum(count for number, count in answers if number is None) == steps
             and drawn == [fresh.random() for _ in range(steps)])
    with open("result", "w") as file:
        file.write("right" if right else f"wrong after {steps} steps")


main()
