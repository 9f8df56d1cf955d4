#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes up captures, by user/capture/format.h and include/tracebench/event.h alone.

    captures.py CAPTURE SESSION [races=N] [rounds=N] [cpus=N] [seed=N] [hide=N] [end=0|1] [comm=HEX]
                                     [any=0|1]

A simulation of workers that hand a turn to each other through a futex, on one CPU or several, among
strangers.  Every `hide`th switch-in is told late and as recovered.  SESSION gets, as a session file has
it, what each worker's window comes to: its switches and the time that it was off the CPU.  With any=1
events are anything at all that a reader takes, in any order, and SESSION says nothing of use.
"""

import json
import random
import struct
import sys
import zlib

SWITCH, WAKING, CALL, RETURN, CONTENDS, CONTENDED, OPENS, CLOSES, NAMED = range(1, 10)
RECOVERED, PREEMPTED, INTERRUPT, TRACED, TRACED_NEXT = 1, 2, 4, 8, 16
ABOUT, RACE, EVENTS, RACE_END, END = range(1, 6)
AWAKE, FUTEX = 0xff, 0
WORD = 0x7f0012345678
STRANGER, WAIT, WAKE = 700, 0, 1
OFFSET = 5_000_000_000  # of BOOTTIME from MONOTONIC


def head(ns, task, cpu, kind, flags=0):
    return struct.pack("<QIHBB", ns, task, cpu, kind, flags)


def switch(ns, cpu, task, following, flags, reason=AWAKE, word=0, state=0):
    return head(ns, task, cpu, SWITCH, flags) + struct.pack(
        "<QIBBBB", word, following, reason, 120, 120, state)


def waking(ns, cpu, task, wakee, target, flags=0):
    return head(ns, task, cpu, WAKING, flags) + struct.pack("<QIHBx", WORD, wakee, target, 120)


def call(ns, cpu, task, kind, operation, result=0):
    return head(ns, task, cpu, kind) + struct.pack("<QIi", WORD, operation, result)


def contention(ns, cpu, task, kind):
    return head(ns, task, cpu, kind) + struct.pack("<QIi", 0xabc, 1, 0)


def plain(ns, cpu, task, kind, name=b""):
    return head(ns, task, cpu, kind) + name.ljust(16, b"\0")


class Capture:
    def __init__(self, path):
        self.file = open(path, "wb")
        self.file.write(b"TBcapt\r\n" + struct.pack("<II", 1, 32))
        self.races = self.events = 0
        self.json(ABOUT, {"tracebench": "1", "hostname": "h", "kernel": "6.18.1", "cpus": 2})

    def block(self, kind, body, cpu=0):
        first = struct.pack("<III", kind, len(body), cpu)
        self.file.write(first + struct.pack("<I", zlib.crc32(body, zlib.crc32(first))) + body)

    def json(self, kind, value):
        self.block(kind, json.dumps(value).encode())

    def ring(self, cpu, events, per_block=2048):
        for at in range(0, len(events), per_block):
            self.block(EVENTS, b"".join(events[at:at + per_block]), cpu)

    def finish(self, whole):
        if whole:
            self.json(END, {"races": self.races, "events": self.events, "lost": {"ring": 0}})
        self.file.close()


class Worker:
    def __init__(self, pid, cpu, index):
        self.pid, self.cpu, self.index = pid, cpu, index
        self.voluntary = self.involuntary = self.off_ns = self.out_at = 0
        self.open = False

    def leaves(self, ns, voluntary):
        self.out_at = ns
        if self.open:
            self.voluntary += voluntary
            self.involuntary += not voluntary

    def arrives(self, ns):
        if self.open and self.out_at:
            self.off_ns += ns - self.out_at
        self.out_at = 0

    def session(self):
        return {"worker": self.index, "role": "worker", "tid": self.pid - 1000,
                "switches": {"voluntary": self.voluntary, "involuntary": self.involuntary},
                "run_queue_ns": 0, "blocked_ns": self.off_ns}


class Race:
    """Turns of two workers.  What happens on a CPU goes to its ring, in order."""

    def __init__(self, rng, start, cpus, hide, first_pid):
        self.rng, self.ns, self.hide, self.hidden = rng, start, hide, 0
        self.rings = {cpu: [] for cpu in range(cpus)}
        self.current = dict.fromkeys(self.rings, 0)
        self.late = {}  # by cpu: events that are told when the CPU is left
        self.workers = [Worker(first_pid + i, i % cpus, i) for i in range(2)]

    def tick(self, most=2000):
        self.ns += self.rng.randint(200, most)
        return self.ns

    def put(self, cpu, event):
        self.rings[cpu].append(event)

    def leave(self, worker, following, voluntary):
        cpu, ns = worker.cpu, self.tick()
        for event in self.late.pop(cpu, []):
            self.put(cpu, event)
        flags = TRACED | (0 if voluntary else PREEMPTED)
        if any(w.pid == following for w in self.workers):
            flags |= TRACED_NEXT
        self.put(cpu, switch(ns, cpu, worker.pid, following, flags, FUTEX if voluntary else AWAKE,
                             WORD if voluntary else 0, 1 if voluntary else 0))
        worker.leaves(ns, voluntary)
        self.current[cpu] = following
        for other in self.workers:
            if other.pid == following:
                other.arrives(ns)

    def arrive(self, worker):
        """From whoever has the CPU, who is none of the race's."""
        cpu, ns = worker.cpu, self.tick()
        event = switch(ns, cpu, self.current[cpu], worker.pid, TRACED_NEXT)
        self.hidden += 1
        if self.hide and self.hidden % self.hide == 0:
            event = switch(ns, cpu, self.current[cpu], worker.pid, TRACED_NEXT | RECOVERED)
            self.late.setdefault(cpu, []).append(event)
        else:
            self.put(cpu, event)
        worker.arrives(ns)
        self.current[cpu] = worker.pid

    def on_cpu(self, worker):
        return self.current[worker.cpu] == worker.pid

    def get_cpu(self, worker):
        if self.on_cpu(worker):
            return
        for other in self.workers:
            if self.on_cpu(other) and other.cpu == worker.cpu:
                self.leave(other, worker.pid, False)
                return
        self.arrive(worker)

    def window(self, worker, kind):
        self.get_cpu(worker)
        ns = self.tick()
        self.put(worker.cpu, plain(ns, worker.cpu, worker.pid, kind))
        worker.open = kind == OPENS
        worker.out_at = 0

    def turn(self, worker, other):
        """`worker` wakes `other` and sleeps; 8 events, or somewhat more."""
        self.get_cpu(worker)
        cpu, pid = worker.cpu, worker.pid
        self.put(cpu, call(self.tick(), cpu, pid, CALL, WAKE))
        if self.rng.random() < 0.1:
            self.put(cpu, contention(self.tick(), cpu, pid, CONTENDS))
            self.put(cpu, contention(self.tick(), cpu, pid, CONTENDED))
        self.put(cpu, waking(self.tick(), cpu, pid, other.pid, other.cpu,
                             INTERRUPT if self.rng.random() < 0.02 else 0))
        self.put(cpu, call(self.tick(), cpu, pid, RETURN, 0, 1))
        if self.rng.random() < 0.05:
            self.leave(worker, STRANGER, False)
            self.arrive(worker)
        self.put(cpu, call(self.tick(), cpu, pid, CALL, WAIT))
        same = other.cpu == worker.cpu
        self.leave(worker, other.pid if same else self.rng.choice([0, 0, 0, STRANGER]), True)
        if not same:
            # What strangers do between each other is not told.
            if self.rng.random() < 0.2:
                self.current[cpu] = 0
            self.get_cpu(other)
        if other.open:
            self.put(other.cpu, call(self.tick(), other.cpu, other.pid, RETURN, 0, 0))

    def run(self, rounds, comm):
        self.put(0, plain(self.tick(), 0, STRANGER, NAMED, comm))
        for worker in self.workers:
            self.window(worker, OPENS)
            if self.rng.random() < 0.3:
                self.window(worker, OPENS)  # said again: the last one counts
        for i in range(rounds):
            self.turn(self.workers[i % 2], self.workers[1 - i % 2])
        for worker in self.workers:
            self.window(worker, CLOSES)
        for worker in self.workers:
            if self.on_cpu(worker):
                self.leave(worker, 0, False)

    def run_anything(self, rounds):
        rng, tasks = self.rng, [w.pid for w in self.workers] + [0, STRANGER, 701, 2**31 - 1]
        for _ in range(rounds):
            self.ns += rng.choice([0, 0, 1, 500, 100_000, 3_000_000])
            ring = rng.choice(list(self.rings))
            ns = max(1, self.ns - rng.choice([0, 0, 0, 0, 0, 0, 0, 10_000, 5_000_000]))
            event = head(ns, rng.choice(tasks), ring, rng.randint(1, 9), rng.randrange(32))
            if event[14] == SWITCH:
                event += struct.pack("<QIBBBB", rng.choice([0, WORD, 7]), rng.choice(tasks),
                                     rng.choice([0, 3, 10, 77, AWAKE]), 0, 255, rng.randrange(256))
            elif event[14] == WAKING:
                event += struct.pack("<QIHBx", WORD, rng.choice(tasks), 65535, 255)
            else:
                event += struct.pack("<QIi", rng.choice([0, WORD, 7, 2**64 - 1]),
                                     rng.choice([0, 1, 2, 4000]), rng.randint(-2**31, 2**31 - 1))
            self.put(ring, event)

    def write(self, capture, number, ended):
        capture.json(RACE, {"strategy": "turn-futex", "mode": "threads", "workers": 2, "batch": 1,
                            "repeat": 0, "result": number,
                            "clock": {"monotonic_ns": self.ns, "boottime_ns": self.ns + OFFSET,
                                      "realtime_ns": 1_700_000_000_000_000_000}})
        n = sum(len(events) for events in self.rings.values())
        for cpu, events in self.rings.items():
            capture.ring(cpu, events)
        if ended:
            capture.json(RACE_END, {
                "tasks": [{"pid": w.pid, "tid": w.pid - 1000, "process": 2000, "role": "worker",
                           "index": w.index, "name": "worker %d" % w.index} for w in self.workers],
                "words": [{"word": WORD, "name": "race+0x40 \u20ac"}], "events": n,
                "lost": {"ring": 0, "slots": 0}})
            capture.races += 1
            capture.events += n


def main():
    given = {"races": 1, "rounds": 100, "cpus": 2, "seed": 1, "hide": 0, "end": 1, "comm": "6b77",
             "any": 0}
    given.update(word.split("=", 1) for word in sys.argv[3:])
    rng = random.Random(int(given["seed"]))
    capture, start, results = Capture(sys.argv[1]), 1_000_000_000, []
    for i in range(int(given["races"])):
        race = Race(rng, start, int(given["cpus"]), int(given["hide"]), 3000 + 10 * i)
        if int(given["any"]):
            race.run_anything(int(given["rounds"]))
        else:
            race.run(int(given["rounds"]), bytes.fromhex(given["comm"]))
        last = i == int(given["races"]) - 1
        race.write(capture, i, not last or int(given["end"]))
        start = race.ns + 1_000_000
        results.append({"kernel": {"timeline": {
            "per_worker": [worker.session() for worker in race.workers]}}})
    capture.finish(int(given["end"]))
    with open(sys.argv[2], "w", encoding="utf-8") as session:
        json.dump({"results": results}, session)
    return 0


if __name__ == "__main__":
    sys.exit(main())
