# SPDX-License-Identifier: GPL-3.0-or-later
"""What the programs of this folder share: how far to count, and what is printed."""

import argparse
import time

WORKERS = 2
ITERATIONS = 50_000_000


def count(text):
    """A positive number as tracebench takes it: 200000, 200k, 50M, 1G."""
    scale = {"k": 1_000, "M": 1_000_000, "G": 1_000_000_000}.get(text[-1:], 1)
    digits = text if scale == 1 else text[:-1]
    if not (digits.isascii() and digits.isdigit()) or int(digits) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is not a count from 1")
    return int(digits) * scale


def main(what, race):
    """Times race(iterations), which returns what it counted; prints both, a line each."""
    parser = argparse.ArgumentParser(description=what)
    parser.add_argument("-n", "--iterations", type=count, default=ITERATIONS, metavar="N",
                        help="increments of each of the two workers (default 50M)")
    iterations = parser.parse_args().iterations
    start = time.perf_counter()
    total = race(iterations)
    print(f"seconds {time.perf_counter() - start:.6f}")
    print(f"total {total}")


def run(workers):
    """Starts threads or processes, and waits until all have ended."""
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
