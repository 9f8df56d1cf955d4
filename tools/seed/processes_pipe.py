#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two processes count alone, and each sends what it counted through a Pipe of its own."""

from multiprocessing import Pipe, Process

import experiment


def count(iterations, sender):
    counted = 0
    for _ in range(iterations):
        counted += 1
    sender.send(counted)


def race(iterations):
    pipes = [Pipe(duplex=False) for _ in range(experiment.WORKERS)]
    workers = [Process(target=count, args=(iterations, sender)) for _, sender in pipes]
    for worker in workers:
        worker.start()
    total = sum(receiver.recv() for receiver, _ in pipes)
    for worker in workers:
        worker.join()
    return total


if __name__ == "__main__":
    experiment.main(__doc__, race)
