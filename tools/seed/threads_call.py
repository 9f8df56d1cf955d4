#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same with a call between reading the global and writing it back: it loses updates.

That threads.py may lose none is luck, of an interpreter that does not switch threads there.
"""

from threading import Thread

import experiment

counter = 0


def one():
    return 1


def add(iterations):
    global counter
    for _ in range(iterations):
        counter += one()


def race(iterations):
    experiment.run([Thread(target=add, args=(iterations,)) for _ in range(experiment.WORKERS)])
    return counter


if __name__ == "__main__":
    experiment.main(__doc__, race)
