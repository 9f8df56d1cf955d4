#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two threads add to one global, each holding a Lock while it does all its work."""

from threading import Lock, Thread

import experiment

counter = 0
lock = Lock()


def add(iterations):
    global counter
    with lock:
        for _ in range(iterations):
            counter += 1


def race(iterations):
    experiment.run([Thread(target=add, args=(iterations,)) for _ in range(experiment.WORKERS)])
    return counter


if __name__ == "__main__":
    experiment.main(__doc__, race)
