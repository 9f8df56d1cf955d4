#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-3.0-or-later
"""One thread does the work of both: what two have to beat."""

import experiment

counter = 0


def add(iterations):
    global counter
    for _ in range(iterations):
        counter += 1


def race(iterations):
    for _ in range(experiment.WORKERS):
        add(iterations)
    return counter


if __name__ == "__main__":
    experiment.main(__doc__, race)
