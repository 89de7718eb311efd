"""A pool of processes works through ranges; a counter in shared memory, guarded by a semaphore,
counts what each has done."""

import hashlib
import multiprocessing
import os


def count_in(shared):
    global counter
    counter = shared


def work(number):
    digest = hashlib.sha256(str(number).encode())
    for _ in range(2_000):
        digest = hashlib.sha256(digest.digest())
    with counter.get_lock():
        counter.value += 1
    return number, digest.hexdigest()


def main():
    shared = multiprocessing.Value("q", 0)
    answers, start = {}, 0
    with multiprocessing.Pool(3, count_in, (shared,)) as pool, open("progress", "a") as progress:
        while not os.path.exists("stop"):
            for number, digest in pool.imap_unordered(work, range(start, start + 60), 2):
                answers[number] = digest
                if len(answers) % 10 == 0:
                    progress.write("x")
                    progress.flush()
            start += 60
        pool.close()
        pool.join()
    done = shared.value
    count_in(multiprocessing.Value("q", 0))
    sample = range(0, start, 17)
    right = (sorted(answers) == list(range(start)) and done == start
             and all(answers[number] == work(number)[1] for number in sample))
    with open("result", "w") as file:
        file.write("right" if right else f"wrong: {len(answers)} answers, {done} of {start} done")


main()
