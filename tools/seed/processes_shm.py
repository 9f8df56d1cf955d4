#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two processes count alone, and add what they counted to shared memory, under a Semaphore."""

from multiprocessing import Process, Semaphore
from multiprocessing.shared_memory import SharedMemory

import experiment


def count(iterations, name, semaphore):
    counted = 0
    for _ in range(iterations):
        counted += 1
    with semaphore:
        memory = SharedMemory(name=name)
        with memory.buf.cast("Q") as total:
            total[0] += counted
        memory.close()


def race(iterations):
    semaphore = Semaphore(1)
    memory = SharedMemory(create=True, size=8)
    experiment.run([Process(target=count, args=(iterations, memory.name, semaphore))
                    for _ in range(experiment.WORKERS)])
    with memory.buf.cast("Q") as counted:
        total = counted[0]
    memory.close()
    memory.unlink()
    return total


if __name__ == "__main__":
    experiment.main(__doc__, race)
