#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads capture files, and judges them by what their format promises.  Knows nothing of tracebench
but user/capture/format.h and include/tracebench/event.h.  Prints a line per promise for `relays` of
session.sh: "pass" or "fail", the promise, and what was seen, with tabs between them.

    capture.py whole CAPTURE SESSION    complete, nothing lost, and counts what the session counts
    capture.py cut CAPTURE              has no END, and is right as far as it goes
    capture.py counts CAPTURE           nothing judged: a line per task and race, for programs:
                                        race, tid, voluntary, involuntary, off-CPU ns, recovered
    capture.py lost CAPTURE             nothing judged: the causes of the END, and how many
"""

import json
import struct
import sys
import zlib
from collections import Counter, namedtuple

ABOUT, RACE, EVENTS, RACE_END, END = 1, 2, 3, 4, 5
BLOCK_MAX = 1 << 20

SWITCH, WAKING, CALL, RETURN, CONTENDS, CONTENDED, OPENS, CLOSES, NAMED = range(1, 10)
RECOVERED, PREEMPTED, INTERRUPT, TRACED, TRACED_NEXT = 1, 2, 4, 8, 16
AWAKE = 0xff

HEADER = struct.Struct("<8sII")
BLOCK = struct.Struct("<IIII")
EVENT = struct.Struct("<QIHBB16s")
OF_SWITCH = struct.Struct("<QIBBBB")
WAKING_PART = struct.Struct("<QIHBB")
CALL_PART = struct.Struct("<QIi")

Event = namedtuple("Event", "ns task cpu kind flags more")


class Race:
    def __init__(self, about):
        self.about = about
        self.rings = {}
        self.end = None

    def events(self):
        return [event for ring in self.rings.values() for event in ring]


class Capture:
    """What can be read of a file; `trouble` says where and why that ended, if not at an END."""

    def __init__(self, path):
        self.about = self.end = None
        self.races = []
        self.trouble = None
        with open(path, "rb") as file:
            self.bytes = file.read()
        magic, version, event_bytes = HEADER.unpack_from(self.bytes)
        if (magic, version, event_bytes) != (b"TBcapt\r\n", 1, EVENT.size):
            raise ValueError("not a capture: %r" % ((magic, version, event_bytes),))
        at = HEADER.size
        while at < len(self.bytes) and not self.trouble:
            at = self.block(at)
        if not self.trouble and not self.end:
            self.trouble = "no END"

    def block(self, at):
        if at + BLOCK.size > len(self.bytes):
            self.trouble = "a block is cut off at %d" % at
            return at
        kind, length, cpu, total = BLOCK.unpack_from(self.bytes, at)
        body = self.bytes[at + BLOCK.size:at + BLOCK.size + length]
        if length > BLOCK_MAX or len(body) < length:
            self.trouble = "a block is cut off at %d" % at
        elif zlib.crc32(body, zlib.crc32(self.bytes[at:at + 12])) != total:
            self.trouble = "a sum is wrong at %d" % at
        elif self.end:
            self.trouble = "there is more behind the END"
        else:
            self.take(kind, cpu, body)
        return at + BLOCK.size + length

    def take(self, kind, cpu, body):
        if kind == EVENTS:
            ring = self.races[-1].rings.setdefault(cpu, [])
            ring.extend(Event(*fields) for fields in EVENT.iter_unpack(body))
            return
        text = json.loads(body.decode("utf-8"))
        if kind == ABOUT:
            self.about = text
        elif kind == RACE:
            self.races.append(Race(text))
        elif kind == RACE_END:
            self.races[-1].end = text
        elif kind == END:
            self.end = text


def next_of(event):
    return OF_SWITCH.unpack(event.more)[1]


def say(verdict, promise, detail=""):
    print(verdict, promise, detail.replace("\n", " ").replace("\t", " "), sep="\t")


def holds(promise, problems):
    problems = list(problems)
    say("fail" if problems else "pass", promise, "; ".join(problems[:5]))


# -- what holds of every event ---------------------------------------------------------------------

def bad_orders(races):
    for race in races:
        for cpu, ring in race.rings.items():
            last = 0
            for event in ring:
                if event.cpu != cpu:
                    yield "%r is in the ring of CPU %d" % (event, cpu)
                if event.flags & RECOVERED:
                    continue
                if event.ns < last:
                    yield "CPU %d: %d ns before the one before it: %r" % (cpu, last - event.ns, event)
                last = event.ns


def bad_chains(races):
    """Between two switches of a CPU only strangers can have been: whoever of the race got the CPU is
    the next to leave it."""
    for race in races:
        for cpu, ring in race.rings.items():
            current, traced = None, False
            for event in ring:
                if event.kind != SWITCH:
                    continue
                if traced and event.task != current:
                    yield "CPU %d: %d had it, and %d leaves it: %r" % (cpu, current, event.task, event)
                if current is not None and not traced and event.flags & TRACED:
                    yield "CPU %d: %d leaves it and did not get it: %r" % (cpu, event.task, event)
                current, traced = next_of(event), bool(event.flags & TRACED_NEXT)


def bad_flags(races):
    for race in races:
        traced = {task["pid"] for task in race.end["tasks"]} if race.end else None
        for event in race.events():
            if event.kind != SWITCH:
                continue
            _, following, reason, priority, following_priority, state = OF_SWITCH.unpack(event.more)
            if not event.flags & (TRACED | TRACED_NEXT):
                yield "nobody of the race is in %r" % (event,)
            if traced is not None and not event.flags & RECOVERED and (
                    bool(event.flags & TRACED) != (event.task in traced) or
                    bool(event.flags & TRACED_NEXT) != (following in traced)):
                yield "%r, and the race has %r" % (event, traced)
            if event.flags & PREEMPTED and (reason != AWAKE or state):
                yield "%r is preempted and asleep" % (event,)
            if priority > 140 or following_priority > 140:
                yield "%r has odd priorities" % (event,)


def strangers_in(event):
    if event.kind == SWITCH:
        if not event.flags & (TRACED | RECOVERED):
            yield event.task
        if not event.flags & TRACED_NEXT:
            yield next_of(event)
    elif event.kind == WAKING:
        yield event.task
        yield WAKING_PART.unpack(event.more)[1]


def bad_names(races):
    for race in races:
        known = {0} | {task["pid"] for task in race.end["tasks"] if task["role"] != "kernel"}
        told = Counter()
        for event in sorted(race.events(), key=lambda e: (e.ns, e.kind != NAMED)):
            if event.kind == NAMED:
                told[event.task] += 1
                if not event.more.rstrip(b"\0") or b"\0" in event.more.rstrip(b"\0"):
                    yield "%r has a bad name" % (event,)
            for pid in strangers_in(event):
                if pid not in known and not told[pid]:
                    yield "%d is not named before %r" % (pid, event)
                    known.add(pid)
        for pid, times in told.items():
            if times > 1 or pid in known:
                yield "%d is named %d times" % (pid, times)


def bad_calls(races):
    """A task is in one call at a time, and may be killed in its last one."""
    for race in races:
        inside = set()
        for event in sorted((e for e in race.events() if e.kind in (CALL, RETURN)),
                            key=lambda e: e.ns):
            if (event.kind == CALL) == (event.task in inside):
                yield "%r, which is %s a call" % (event, "in" if event.task in inside else "not in")
            (inside.add if event.kind == CALL else inside.discard)(event.task)


def bad_ends(capture):
    events, lost = 0, Counter()
    for race in capture.races:
        if not race.end:
            yield "a race has no end"
            continue
        if race.end["events"] != len(race.events()):
            yield "%d events are said, %d are there" % (race.end["events"], len(race.events()))
        events += race.end["events"]
        lost.update(race.end["lost"])
    if capture.end and (capture.end["races"] != len(capture.races) or
                        capture.end["events"] != events or
                        Counter(capture.end["lost"]) != lost):
        yield "%r, and the sums are %d, %d, %r" % (capture.end, len(capture.races), events, lost)


# -- what a task did in its window, from its events alone ------------------------------------------

Counts = namedtuple("Counts", "voluntary involuntary off_cpu_ns recovered")


def window_of(events, pid):
    opens = [e.ns for e in events if e.kind == OPENS and e.task == pid]
    closes = [e.ns for e in events if e.kind == CLOSES and e.task == pid]
    return (max(opens), max(closes)) if opens and closes else None


def counts_of(events, pid):
    window = window_of(events, pid)
    if not window:
        return None
    voluntary = involuntary = off_cpu_ns = recovered = 0
    for event in events:
        if event.kind != SWITCH or not window[0] <= event.ns <= window[1]:
            continue
        if event.task == pid and event.flags & TRACED:
            involuntary += bool(event.flags & PREEMPTED)
            voluntary += not event.flags & PREEMPTED
            off_cpu_ns -= event.ns
        if next_of(event) == pid and event.flags & TRACED_NEXT:
            off_cpu_ns += event.ns
            recovered += bool(event.flags & RECOVERED)
    return Counts(voluntary, involuntary, off_cpu_ns, recovered)


def by_pid(race):
    """The events that concern each task, for no task should be looked for in all of them."""
    found = {task["pid"]: [] for task in race.end["tasks"]}
    for event in race.events():
        concerned = {event.task}
        if event.kind == SWITCH:
            concerned.add(next_of(event))
        for pid in concerned & found.keys():
            found[pid].append(event)
    return found


def bad_counts(capture, session):
    sums = {}
    for race in capture.races:
        found = by_pid(race)
        for task in race.end["tasks"]:
            if task["role"] not in ("worker", "owner"):
                continue
            key = (race.about["result"], task["index"])
            counts = counts_of(found[task["pid"]], task["pid"])
            if not counts:
                yield "%r has no window" % (key,)
                continue
            so_far = sums.get(key, Counts(0, 0, 0, 0))
            sums[key] = Counts(*(a + b for a, b in zip(so_far, counts)))
    wanted = {}
    for at, result in enumerate(session["results"]):
        timeline = result["kernel"] and result["kernel"]["timeline"]
        for task in timeline["per_worker"] if timeline else ():
            wanted[at, task["worker"]] = (task["switches"]["voluntary"],
                                          task["switches"]["involuntary"],
                                          task["run_queue_ns"] + task["blocked_ns"])
    if sums.keys() != wanted.keys():
        yield "tasks %r, the session has %r" % (sorted(sums), sorted(wanted))
    for key in sums.keys() & wanted.keys():
        if sums[key][:3] != wanted[key]:
            yield "%r: %r, the session has %r" % (key, sums[key], wanted[key])


def bad_totals(capture, session):
    """As far as the session says the same of a result."""
    for at, result in enumerate(session["results"]):
        timeline = result["kernel"]["timeline"]
        races = [race for race in capture.races if race.about["result"] == at]
        if timeline["repeats"] != len(races) or timeline["events"] != sum(
                race.end["events"] for race in races):
            yield "%d: %d repeats, %d events" % (at, timeline["repeats"], timeline["events"])
        for race in races:
            about = race.about
            if any(about[key] != result[key] for key in ("strategy", "mode", "workers", "batch")):
                yield "%d: %r" % (at, about)
            clock = about["clock"]
            if not clock["monotonic_ns"] <= clock["boottime_ns"] <= clock["realtime_ns"]:
                yield "%d: %r" % (at, clock)
            if any(e.ns < clock["monotonic_ns"] for e in race.events()):
                yield "%d: an event is from before the race" % at


def check_events(races):
    holds("the events of a ring are in order", bad_orders(races))
    holds("whoever of the race got a CPU is the next to leave it", bad_chains(races))
    holds("flags say who is of the race, and who could have run on", bad_flags(races))
    holds("a task returns from each call that it enters", bad_calls(races))


def check_whole(capture, session):
    holds("the capture is whole to its END", [capture.trouble] if capture.trouble else [])
    holds("events are as many as is said", bad_ends(capture))
    holds("nothing was lost", ["%r" % capture.end] if any(capture.end["lost"].values()) else [])
    check_events(capture.races)
    holds("strangers are named once, before they are met", bad_names(capture.races))
    holds("switches and time off the CPU are the session's, to the nanosecond",
          bad_counts(capture, session))
    holds("races are the session's", bad_totals(capture, session))


def check_cut(capture):
    holds("the capture ends without an END",
          [] if capture.trouble and not capture.end else ["%r" % capture.end])
    holds("it has a head, a race and events", [] if capture.about and capture.races and
          sum(len(race.events()) for race in capture.races) else [repr(capture.races)])
    check_events(capture.races)


def print_counts(capture):
    for at, race in enumerate(capture.races):
        found = by_pid(race)
        for task in race.end["tasks"]:
            counts = counts_of(found[task["pid"]], task["pid"])
            if counts:
                print(at, task["tid"], *counts)


def main(what, path, *session):
    capture = Capture(path)
    if what == "whole":
        with open(session[0], encoding="utf-8") as file:
            check_whole(capture, json.load(file))
    elif what == "cut":
        check_cut(capture)
    elif what == "counts":
        print_counts(capture)
    elif what == "lost":
        print(" ".join("%s=%d" % item for item in capture.end["lost"].items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
