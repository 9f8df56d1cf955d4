#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges traces, decoded by Google's protobuf library, whose classes protoc made of trace.proto.
Prints a line per promise for `relays` of session.sh.

    perfetto.py valid TRACE             each promise about packets, tracks, slices, flows, CPUs
    perfetto.py same TRACE SESSION      switches and time off the CPU of each worker's window,
                                        from the trace alone, are the session's
    perfetto.py has TRACE WORD...       what there is: counts of packets, slices and so on, as
                                        WORD=COUNT, WORD>=COUNT

PERFETTO_PB names the directory with trace_pb2.py.
"""

import collections
import json
import os
import re
import sys

sys.path.insert(0, os.environ.get("PERFETTO_PB", "."))
import trace_pb2  # noqa: E402

BEGIN, FINISH, INSTANT, COUNTER = 1, 2, 3, 4
CLEARED, NEEDED = 1, 2
PREEMPTED = 0x100


def say(verdict, promise, detail=""):
    print(verdict, promise, detail.replace("\n", " ").replace("\t", " "), sep="\t")


def holds(promise, problems):
    problems = list(problems)
    say("fail" if problems else "pass", promise, "; ".join(problems[:5]))


def read(path):
    trace = trace_pb2.Trace()
    with open(path, "rb") as file:
        trace.ParseFromString(file.read())
    return trace.packet


class Names:
    """Interned data, by sequence."""

    def __init__(self, packets):
        self.problems, self.events = [], []  # (packet, event, name, arguments)
        known = {}
        for packet in packets:
            sequence = packet.trusted_packet_sequence_id
            if sequence not in known:
                known[sequence] = ({}, {})
            names, arguments = known[sequence]
            for table, new in ((names, packet.interned_data.event_names),
                               (arguments, packet.interned_data.debug_annotation_names)):
                for entry in new:
                    if entry.iid in table or not entry.iid:
                        self.problems.append("iid %d twice in %d" % (entry.iid, sequence))
                    table[entry.iid] = entry.name
            if not packet.HasField("track_event"):
                continue
            event = packet.track_event
            if event.type in (BEGIN, INSTANT) and event.name_iid not in names:
                self.problems.append("name %d unknown in %d" % (event.name_iid, sequence))
            said = {}
            for one in event.debug_annotations:
                if one.name_iid not in arguments:
                    self.problems.append("argument %d unknown" % one.name_iid)
                text = one.HasField("string_value")
                said[arguments.get(one.name_iid)] = one.string_value if text else one.int_value
            self.events.append((packet, event, names.get(event.name_iid), said))


def sequence_problems(packets):
    seen = set()
    for i, packet in enumerate(packets):
        sequence = packet.trusted_packet_sequence_id
        if not sequence:
            yield "packet %d has no sequence" % i
        first = sequence not in seen
        seen.add(sequence)
        if packet.sequence_flags != (CLEARED if first else NEEDED):
            yield "packet %d: flags %d" % (i, packet.sequence_flags)
        if packet.first_packet_on_sequence != first:
            yield "packet %d: first %s" % (i, packet.first_packet_on_sequence)


def track_problems(packets):
    kinds, pids = {}, set()
    for i, packet in enumerate(packets):
        if packet.HasField("track_descriptor"):
            track = packet.track_descriptor
            if track.uuid in kinds or not track.uuid:
                yield "track %d twice" % track.uuid
            kinds[track.uuid] = "counter" if track.HasField("counter") else "slices"
            if track.HasField("process"):
                pids.add(track.process.pid)
            if track.HasField("parent_uuid") and track.parent_uuid not in kinds:
                yield "track %d has no parent" % track.uuid
        if packet.HasField("track_event"):
            wanted = "counter" if packet.track_event.type == COUNTER else "slices"
            if kinds.get(packet.track_event.track_uuid) != wanted:
                yield "packet %d is on no track of %s" % (i, wanted)


def by_track(events):
    """Events as a reader sorts them: by time, what has the same as written."""
    tracks = collections.defaultdict(list)
    for one in events:
        tracks[one[1].track_uuid].append(one)
    for track, list_ in tracks.items():
        yield track, sorted(list_, key=lambda one: one[0].timestamp)


def slice_problems(events):
    for track, ordered in by_track(events):
        stack = []
        for packet, event, name, _ in ordered:
            if event.type == BEGIN:
                stack.append(name)
            elif event.type == FINISH:
                if not stack:
                    yield "track %d: END without BEGIN at %d" % (track, packet.timestamp)
                    return
                stack.pop()
        for name in stack:
            yield "track %d: '%s' has no end" % (track, name)


def flow_problems(events):
    sources, ends = {}, {}
    for packet, event, _, _ in events:
        for flow in event.flow_ids:
            if flow in sources:
                yield "flow %d begins twice" % flow
            sources[flow] = (packet.timestamp, event.track_uuid)
        for flow in event.terminating_flow_ids:
            if flow in ends:
                yield "flow %d ends twice" % flow
            ends[flow] = (packet.timestamp, event.track_uuid)
    if set(sources) != set(ends):
        yield "%d flows with one end" % len(set(sources) ^ set(ends))
    for flow in set(sources) & set(ends):
        if sources[flow][0] > ends[flow][0] or sources[flow][1] == ends[flow][1]:
            yield "flow %d goes back in time, or to its own track" % flow


def cpu_problems(packets):
    last, current = {}, {}
    for packet in packets:
        cpu = packet.ftrace_events.cpu
        if packet.HasField("ftrace_events") and not packet.ftrace_events.event:
            yield "an empty bundle"
        for event in packet.ftrace_events.event:
            if event.timestamp < last.get(cpu, 0):
                yield "CPU %d: %d is before %d" % (cpu, event.timestamp, last[cpu])
            last[cpu] = event.timestamp
            if event.HasField("sched_switch") == event.HasField("sched_waking"):
                yield "CPU %d: an event is neither or both" % cpu
            if cpu in current and event.pid != current[cpu]:
                yield "CPU %d at %d: %d, not %d, is current" % (
                    cpu, event.timestamp, current[cpu], event.pid)
            if event.HasField("sched_switch"):
                if event.sched_switch.prev_pid != event.pid:
                    yield "CPU %d: a switch is not from the current task" % cpu
                current[cpu] = event.sched_switch.next_pid


def state_problems(packets):
    for packet in packets:
        for event in packet.ftrace_events.event:
            state = event.sched_switch.prev_state
            if state & (state - 1) or state & ~0x1ff:
                yield "state %#x" % state


def clock_problems(packets):
    races = [p for p in packets if p.HasField("clock_snapshot")]
    if not races:
        yield "there is none"
    for packet in races:
        clocks = {c.clock_id: c.timestamp for c in packet.clock_snapshot.clocks}
        if sorted(clocks) != [1, 3, 6] or packet.clock_snapshot.primary_trace_clock != 6:
            yield "clocks %s" % sorted(clocks)


def counter_problems(events):
    for track, ordered in by_track(events):
        values = [e.double_counter_value for _, e, _, _ in ordered if e.type == COUNTER]
        if any(value < 0 or value != value or value > 1e9 for value in values):
            yield "track %d has a value that cannot be" % track
        if values and values[-1] != 0:
            yield "track %d does not end with 0" % track


def texts(message):
    for field, value in message.ListFields():
        values = value if field.label == field.LABEL_REPEATED else [value]
        for one in values:
            if field.type == field.TYPE_MESSAGE:
                yield from texts(one)
            elif field.type == field.TYPE_STRING:
                yield one


def text_problems(packets):
    for packet in packets:
        for text in texts(packet):
            if not isinstance(text, str):
                yield "not UTF-8: %r" % text
            elif len(text.encode()) > 512 or re.search("[\x00-\x1f\x7f-\x9f]", text):
                yield "too long, or a control character: %r" % text[:80]


def valid(path):
    packets = read(path)
    names = Names(packets)
    holds("every packet is of a sequence that says where it begins",
          sequence_problems(packets))
    holds("names are known before they are used, and never given twice", names.problems)
    holds("events are on tracks that were described", track_problems(packets))
    holds("slices that begin end, each inside the one around it", slice_problems(names.events))
    holds("every flow has two ends, forward in time", flow_problems(names.events))
    holds("on each CPU events are in order, and each switch is from whom the last went to",
          cpu_problems(packets))
    holds("states are one bit of the kernel's", state_problems(packets))
    holds("each race has a reading of three clocks", clock_problems(packets))
    holds("counters are numbers, and end with nothing", counter_problems(names.events))
    holds("every text is UTF-8 without control characters", text_problems(packets))


def windows(events):
    """(result, role, index, tid) and the window's edges, of each thread's tracks."""
    found = []
    for track, ordered in by_track(events):
        begun = [(p.timestamp, said) for p, e, n, said in ordered
                 if e.type == BEGIN and n == "timed window"]
        ends = [p.timestamp for p, e, _, _ in ordered if e.type == FINISH]
        if begun:
            found.append((track, begun[0][0], ends[0], begun[0][1]))
    return found


def races(events):
    """Slices of whole races: their sequence and the result's index."""
    for packet, _, _, said in events:
        if "index in the session's results" in said:
            yield packet.trusted_packet_sequence_id, said["index in the session's results"]


def off_cpu(packets):
    """By thread: when it left a CPU, how, and when it came back."""
    stretches, out = collections.defaultdict(list), {}
    switches = sorted((e for p in packets for e in p.ftrace_events.event
                       if e.HasField("sched_switch")), key=lambda e: e.timestamp)
    for event in switches:
        switch = event.sched_switch
        out[switch.prev_pid] = (event.timestamp, switch.prev_state)
        if switch.next_pid in out:
            left, state = out.pop(switch.next_pid)
            stretches[switch.next_pid].append((left, state, event.timestamp))
    for pid, (left, state) in out.items():
        stretches[pid].append((left, state, None))
    return stretches


def totals(packets):
    """By result, role and index of a worker: voluntary and involuntary switches, ns off the CPU."""
    events = Names(packets).events
    result_of = dict(races(events))
    threads = {p.track_descriptor.uuid: p.track_descriptor.thread.tid for p in packets
               if p.HasField("track_descriptor") and p.track_descriptor.HasField("thread")}
    parents = {p.track_descriptor.uuid: (p.track_descriptor.parent_uuid,
                                         p.trusted_packet_sequence_id)
               for p in packets if p.HasField("track_descriptor")}
    stretches = off_cpu(packets)
    sums = collections.defaultdict(lambda: [0, 0, 0])
    for track, opened, closed, said in windows(events):
        parent, sequence = parents[track]
        one = sums[result_of[sequence], said["role"], said["index"]]
        for left, state, back in stretches[threads[parent]]:
            if opened <= left <= closed:
                one[state == PREEMPTED] += 1
            if opened <= left and back is not None and back <= closed:
                one[2] += back - left
    return sums


def same(path, session_path):
    sums = totals(read(path))
    with open(session_path, encoding="utf-8") as file:
        results = json.load(file)["results"]
    wanted = {}
    for i, result in enumerate(results):
        timeline = (result.get("kernel") or {}).get("timeline")
        for row in timeline["per_worker"] if timeline else ():
            index = row["worker"] if row["role"] == "worker" else None
            wanted[i, row["role"], index] = [
                row["switches"]["voluntary"], row["switches"]["involuntary"],
                row["run_queue_ns"] + row["blocked_ns"]]
    found = {(i, role, index if role == "worker" else None): one
             for (i, role, index), one in sums.items()}
    holds("the session has workers to compare with", [] if wanted else ["none"])
    holds("the trace has the session's workers, each with its window",
          ["%s" % sorted(set(wanted) ^ set(found))] if set(wanted) != set(found) else [])
    for what, at in (("voluntary switches", 0), ("involuntary switches", 1),
                     ("nanoseconds off the CPU", 2)):
        holds("each has the same %s" % what,
              ["%s: %d, not %d" % (key, found[key][at], wanted[key][at])
               for key in wanted if key in found and found[key][at] != wanted[key][at]])


def counts_of(packets):
    names = Names(packets)
    counts = collections.Counter()
    for packet in packets:
        counts["packets"] += 1
        counts["switches"] += sum(e.HasField("sched_switch") for e in packet.ftrace_events.event)
        counts["wakings"] += sum(e.HasField("sched_waking") for e in packet.ftrace_events.event)
        for event in packet.ftrace_events.event:
            counts["gaps"] += event.sched_switch.prev_comm == "(not recorded)"
        counts["processes"] += packet.track_descriptor.HasField("process")
        counts["threads"] += packet.track_descriptor.HasField("thread")
        for name in (packet.track_descriptor.thread.thread_name,
                     packet.track_descriptor.process.process_name):
            counts["named:" + name] += 1
    for _, event, name, _ in names.events:
        counts["flows"] += len(event.flow_ids)
        counts["slices"] += event.type == BEGIN
        counts["counters"] += event.type == COUNTER
        if event.type in (BEGIN, INSTANT):
            counts["called:" + name] += 1
    return counts


def has(path, words):
    counts = counts_of(read(path))
    for word in words:
        what, at_least, number = re.fullmatch(r"(.*?)(>?)=(\d+)", word).groups()
        number = int(number)
        good = counts[what] >= number if at_least else counts[what] == number
        holds("%s: %s%d" % (what, "at least " if at_least else "", number),
              [] if good else ["%d" % counts[what]])


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "valid":
        valid(sys.argv[2])
    elif len(sys.argv) == 4 and sys.argv[1] == "same":
        same(sys.argv[2], sys.argv[3])
    elif len(sys.argv) > 3 and sys.argv[1] == "has":
        has(sys.argv[2], sys.argv[3:])
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
