#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two processes count alone, and put what they counted into a Queue."""

from multiprocessing import Process, Queue

import experiment


def count(iterations, queue):
    counted = 0
    for _ in range(iterations):
        counted += 1
    queue.put(counted)


def race(iterations):
    queue = Queue()
    workers = [Process(target=count, args=(iterations, queue)) for _ in range(experiment.WORKERS)]
    for worker in workers:
        worker.start()
    total = sum(queue.get() for _ in workers)
    for worker in workers:
        worker.join()
    return total


if __name__ == "__main__":
    experiment.main(__doc__, race)
