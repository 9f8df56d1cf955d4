#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges saved sessions.  Prints a line per promise for `relays` of session.sh:
"pass", "fail" or "skip", the promise, and what was seen, with tabs between them.

    session.py contract|measured|traced|calls|order|verdict|seed SESSION
    session.py same-order SESSION SESSION
"""

import json
import math
import os
import re
import statistics
import sys


def say(verdict, promise, detail=""):
    print(verdict, promise, detail.replace("\n", " ").replace("\t", " "), sep="\t")


def holds(promise, problems):
    """It does when there are no problems; a generator is run to its end."""
    problems = list(problems)
    say("fail" if problems else "pass", promise, "; ".join(problems[:5]))


def close(a, b, relative=1e-9):
    return a is not None and b is not None and math.isclose(a, b, rel_tol=relative, abs_tol=1e-12)


def name_of(result):
    return "%s %s w=%d" % (result["strategy"], result["mode"], result["workers"])


def ok_results(session):
    return [r for r in session["results"] if r["status"] == "ok"]


def sleeps_of(result):
    return result["kernel"] and result["kernel"]["sleeps"]


def calls_of(result):
    return result["kernel"] and result["kernel"]["calls"]


def timeline_of(result):
    return result["kernel"] and result["kernel"]["timeline"]


def stack_pass_of(result):
    return result["kernel"] and result["kernel"]["stack_pass"]


# -- the contract: which keys there are, and of what kind ------------------------------------------

# Keys of the format that nothing measures yet: there, and null.  Take one off when it is measured.
NOT_MEASURED = {
    "kernel.stack_pass.lost.ring", "kernel.sleeps.lost.ring", "kernel.sleeps.lost.stacks",
    "kernel.sleeps.wakers.lost.ring", "kernel.sleeps.wakers.lost.stacks",
    "kernel.calls.lost.ring", "kernel.calls.lost.stacks",
    "kernel.timeline.lost.stacks",
}

INT, REAL, TEXT, BOOL, LIST, ANY = "integer", "number", "text", "true or false", "list", "anything"


class Maybe:
    def __init__(self, what):
        self.what = what


ESTIMATE = {"median": REAL, "ci95": Maybe(LIST), "samples": [REAL]}
BRIEF = {"median": REAL, "ci95": Maybe(LIST)}
SWITCHES = {"voluntary": INT, "involuntary": INT}
DELAY = {"p50": Maybe(INT), "p99": Maybe(INT), "max": Maybe(INT), "histogram": [[ANY]]}
LOST = {"ring": ANY, "slots": INT, "maps": INT, "stacks": ANY, "nested": INT, "order": INT,
        "locks": INT, "calls": INT, "wakers": INT, "others": INT}
WHO = {"who": TEXT, "count": INT}
REASONS = ("futex pipe eventfd socket mqueue sysv io_uring kernel_lock sleep page_fault other")
CHECK = {"what": TEXT, "bpf": INT, "other": INT, "source": TEXT, "tolerance": REAL, "agrees": BOOL}
SLEEPS = {
    "repeats": INT, "ops": INT, "switches": SWITCHES, "wakeups": INT, "migrations": INT,
    "budget_ns": {"wall": INT, "on_cpu": INT, "run_queue": INT,
                  "blocked": {reason: INT for reason in REASONS.split()}, "unaccounted": INT},
    "blocked_count": {reason: INT for reason in REASONS.split()},
    "other": [{"name": TEXT, "slept": INT, "wait_ns": INT}],
    "run_queue_ns": DELAY, "off_cpu_ns": DELAY,
    "futex": {"slept": INT, "wait_ns": INT,
              "locks": [{"name": TEXT, "slept": INT, "wait_ns": INT, "max_ns": INT,
                         "top_waker": Maybe(TEXT), "wakers": [WHO], "shows_owner": BOOL,
                         "owners": [WHO], "no_owner": Maybe(INT)}]},
    "contention": [{"lock": TEXT, "type": TEXT, "locks": INT, "count": INT, "wait_ns": INT,
                    "max_ns": INT, "not_acquired": INT}],
    "wakers": Maybe({"repeats": INT, "ops": INT, "wakeups": INT, "recovered": INT, "lost": LOST,
                     "reconciled": {"ok": BOOL, "checks": [CHECK]}, "slowdown": BRIEF}),
    "wake_edges": Maybe([{"waker": TEXT, "wakee": TEXT, "count": INT, "latency_ns": INT,
                          "max_ns": INT}]),
    "preemptions": {"neighbours": INT, "unnamed": INT, "race": INT, "idle": INT},
    "preempted_by": [{"comm": TEXT, "pid": INT, "count": INT}],
    "per_worker": [{"worker": INT, "role": TEXT, "tid": INT, "ops": INT, "switches": SWITCHES,
                    "on_cpu_ns": INT, "run_queue_ns": INT, "blocked_ns": INT,
                    "run_queue_delay_ns": DELAY, "off_cpu_ns": DELAY}],
    "kernel_threads": Maybe({"tasks": INT, "on_cpu_ns": INT, "switches": SWITCHES}),
    "lost": LOST,
    "reconciled": {"ok": BOOL, "checks": [CHECK]},
    "slowdown": BRIEF,
}
FUTEX_WAY = {"name": TEXT, "calls": INT, "slept": INT, "eagain": INT, "timedout": INT,
             "interrupted": INT, "failed": INT, "tasks": Maybe(INT), "nobody": Maybe(INT)}
CALLS = {
    "repeats": INT, "ops": INT,
    "futex": {"waits": INT, "slept": INT, "eagain": INT, "timedout": INT, "interrupted": INT,
              "wakes": INT, "woken": INT, "woke_nobody": INT, "requeues": INT,
              "ways": [FUTEX_WAY]},
    "syscalls": [{"name": TEXT, "count": INT, "errors": INT, "time_ns": INT}],
    "on_cpu_ns": {"user": INT, "system": INT, "crossing": INT},
    "lost": LOST,
    "reconciled": {"ok": BOOL, "checks": [CHECK]},
    "slowdown": BRIEF,
}
TIMELINE = {
    "file": TEXT, "repeats": INT, "ops": INT, "events": INT, "switches": SWITCHES,
    "per_worker": SLEEPS["per_worker"], "recovered": INT, "lost": LOST,
    "reconciled": {"ok": BOOL, "checks": [CHECK]}, "slowdown": BRIEF,
}
STACK = {
    "kind": TEXT,
    "frames": [{"symbol": Maybe(TEXT), "offset": Maybe(INT), "object": Maybe(TEXT),
                "file": Maybe(TEXT), "line": Maybe(INT), "inlined": BOOL}],
    "truncated": BOOL, "count": INT, "ns": INT,
}
STACK_PASS = {
    "repeats": INT, "ops": INT, "sleeps": INT, "blocked_ns": INT, "samples": INT, "truncated": INT,
    "recovered": INT, "lost": LOST, "reconciled": {"ok": BOOL, "checks": [CHECK]},
    "slowdown": BRIEF,
}
RUNS = {"mean": Maybe(REAL), "longest": Maybe(INT)}
HARDWARE_COUNTS = {"ops": INT, "cycles": Maybe(INT), "instructions": Maybe(INT),
                   "cache_references": Maybe(INT), "cache_misses": Maybe(INT),
                   "branch_misses": Maybe(INT)}
HARDWARE = {
    "repeats": INT, "reason": Maybe(TEXT), "kernel_included": BOOL, "multiplexed": BOOL,
    "per_worker": [{"worker": INT, "role": TEXT, **HARDWARE_COUNTS}], **HARDWARE_COUNTS,
}
RESULT = {
    "strategy": TEXT, "family": TEXT, "mode": TEXT, "workers": INT,
    "duration_ns": Maybe(INT), "iterations": Maybe(INT), "batch": ANY, "permits": Maybe(INT),
    "read_share": Maybe(INT), "critical_ns": Maybe(INT), "think_ns": Maybe(INT), "pace": Maybe(INT),
    "message": Maybe(INT), "placement": [INT], "status": TEXT, "reason": Maybe(TEXT),
    "counter": {"promises_exact": BOOL, "expected": INT, "final": INT, "lost": INT,
                "totals": [INT]},
    "time": {"ns_per_op": ESTIMATE, "ops_per_s": ESTIMATE, "wall_ns": ESTIMATE,
             "cpu_ns_per_op": BRIEF, "overlap_ratio": REAL, "speedup": Maybe(REAL)},
    "rusage": {"voluntary": INT, "involuntary": INT, "minor_faults": INT, "major_faults": INT},
    "conditions": [{"placement": [INT], "overlap_ratio": REAL, "steal_ns": Maybe(INT),
                    "throttled_ns": Maybe(INT)}],
    "fairness": {"jain": Maybe(REAL), "min_share": Maybe(REAL), "max_share": Maybe(REAL),
                 "run_length": RUNS},
    "per_worker": [{"worker": INT, "role": TEXT, "ops": INT, "share": Maybe(REAL), "cpu_ns": INT,
                    "run_length": RUNS}],
    "latency_ns": Maybe({"from": TEXT, "repeats": INT, "ops": INT, "p50": Maybe(INT),
                         "p90": Maybe(INT), "p99": Maybe(INT),
                         "p99_9": Maybe(INT), "max": INT, "count": INT, "missed": INT, "sampled_every": INT,
                         "clock_ns": REAL, "histogram": [[INT]]}),
    "kernel": Maybe({"sleeps": Maybe(SLEEPS), "calls": Maybe(CALLS),
                     "timeline": Maybe(TIMELINE), "stacks": Maybe([STACK]),
                     "stack_pass": Maybe(STACK_PASS)}),
    "hardware": Maybe(HARDWARE),
    "verdict": TEXT,
}
SESSION = {
    "schema": TEXT, "complete": BOOL,
    "tool": {"name": TEXT, "version": TEXT, "revision": Maybe(TEXT)},
    "started": TEXT,
    "host": {"hostname": TEXT, "kernel": TEXT, "arch": TEXT, "cpu_model": Maybe(TEXT),
             "cpus_online": INT, "topology": Maybe(TEXT), "governor": Maybe(TEXT),
             "virtualized": BOOL, "clocksource": Maybe(TEXT), "timer_cost_ns": REAL,
             "clock_step_ns": REAL, "boost": Maybe(TEXT), "preemption": Maybe(TEXT), "cpu_quota": Maybe(REAL)},
    "plan": {"preset": Maybe(TEXT), "strategies": [TEXT], "modes": [TEXT], "workers": [INT], "duration_ns": Maybe(INT),
             "iterations": Maybe(INT), "batch": ANY, "repeats": INT, "warmup": INT, "latency": INT,
             "wakers": INT, "stacks": INT, "max_locks": INT,
             "timeline": Maybe(TEXT), "ring_bytes": Maybe(INT),
             "critical_ns": Maybe(INT), "think_ns": Maybe(INT), "pace": Maybe(INT), "pin": TEXT,
             "scan": [{"key": TEXT, "values": [ANY]}],
             "trace": TEXT, "seed": INT, "order": [ANY]},
    "tracing": {"status": TEXT, "reason": Maybe(TEXT),
                "how": {"sched": Maybe(TEXT), "futex": Maybe(TEXT), "tasks": Maybe(TEXT)},
                "load_ms": Maybe(REAL),
                "cost": Maybe({"attach_ms": Maybe(REAL), "detach_ms": Maybe(REAL),
                               "maps": [{"name": TEXT, "bytes": INT}], "maps_bytes": Maybe(INT),
                               "programs": [{"name": TEXT, "level": TEXT, "runs": INT,
                                             "ns_per_run": Maybe(REAL)}],
                               "reason": Maybe(TEXT)})},
    "work": Maybe({"step_ns": REAL, "fixed_ns": REAL, "pass_ns": REAL, "took_ns": INT,
                   "cpus": [{"cpu": INT, "step_ns": REAL, "fixed_ns": REAL, "pass_ns": REAL}]}),
    "hardware": {"available": BOOL, "reason": Maybe(TEXT)},
    "results": [RESULT],
    "warnings": [{"kind": TEXT, "result": Maybe(INT), "text": TEXT,
                  "figures": [{"name": TEXT, "value": REAL, "unit": TEXT}]}],
}


def is_kind(kind, value):
    if kind is ANY:
        return True
    if kind is BOOL:
        return isinstance(value, bool)
    if kind is INT:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is REAL:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, str if kind is TEXT else list)


def misfits(shape, value, path):
    """What is not as the shape says.  Keys that it does not name are welcome."""
    if isinstance(shape, Maybe):
        if value is None:
            return
        shape = shape.what
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            yield "%s is no object" % path
            return
        for key, inner in shape.items():
            at = path + "." + key if path else key
            if key not in value:
                yield "%s is missing" % at
            else:
                yield from misfits(inner, value[key], at)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield "%s is no list" % path
            return
        for element in value:
            yield from misfits(shape[0], element, path + "[]")
    elif not is_kind(shape, value):
        yield "%s is %s, not %s" % (path, json.dumps(value)[:40], shape)


def values_at(value, path):
    """All values under a path such as "kernel.sleeps.contention[].lock"."""
    key, _, rest = path.partition(".")
    each = key.endswith("[]")
    inner = value[key.removesuffix("[]")]
    for element in inner if each else [inner]:
        if not rest:
            yield element
        elif element is not None:
            yield from values_at(element, rest)


def check_contract(session):
    holds("every key of the contract is there, and of its kind", misfits(SESSION, session, ""))
    holds("the schema is named", [] if session["schema"] == "tracebench.session/1" else
          [session["schema"]])
    holds("it is marked complete", [] if session["complete"] is True else ["not"])
    holds("every result is ok and has no reason",
          (name_of(r) + ": %s, %s" % (r["status"], r["reason"]) for r in session["results"]
           if r["status"] != "ok" or r["reason"] is not None))
    holds("what is not measured is null, not 0",
          ("%s: %s is %s" % (name_of(r), path, value) for r in session["results"]
           for path in sorted(NOT_MEASURED) for value in values_at(r, path) if value is not None))


# -- what every session has measured ---------------------------------------------------------------

ESTIMATES = ("ns_per_op", "ops_per_s", "wall_ns")


def bad_samples(session):
    for r in ok_results(session):
        for key in ESTIMATES:
            e = r["time"][key]
            if len(e["samples"]) != session["plan"]["repeats"]:
                yield "%s: %s has %d samples" % (name_of(r), key, len(e["samples"]))
            if not all(s > 0 for s in e["samples"]):
                yield "%s: %s has a sample that is not positive" % (name_of(r), key)


def bad_medians(session):
    for r in ok_results(session):
        for key in ESTIMATES:
            e = r["time"][key]
            if not close(e["median"], statistics.median(e["samples"])):
                yield "%s: %s: %r of %r" % (name_of(r), key, e["median"], e["samples"])


def bad_intervals(session):
    for r in ok_results(session):
        for key in ESTIMATES + ("cpu_ns_per_op",):
            e = r["time"][key]
            if not e["ci95"] or not e["ci95"][0] <= e["median"] <= e["ci95"][1]:
                yield "%s: %s: %r, %r" % (name_of(r), key, e["ci95"], e["median"])
            elif "samples" in e and (e["ci95"][0] < min(e["samples"]) * (1 - 1e-12) or
                                     e["ci95"][1] > max(e["samples"]) * (1 + 1e-12)):
                yield "%s: %s: %r is wider than the samples" % (name_of(r), key, e["ci95"])


def bad_rates(session):
    for r in ok_results(session):
        for cost, rate in zip(r["time"]["ns_per_op"]["samples"], r["time"]["ops_per_s"]["samples"]):
            if not close(cost * rate, 1e9):
                yield "%s: %r ns, %r a second" % (name_of(r), cost, rate)


def bad_speedups(session):
    base = {r["mode"]: r["time"]["ns_per_op"]["median"] for r in ok_results(session)
            if r["strategy"] == "sequential"}
    for r in ok_results(session):
        want = base[r["mode"]] / r["time"]["ns_per_op"]["median"]
        if not close(r["time"]["speedup"], want):
            yield "%s: %r, not %r" % (name_of(r), r["time"]["speedup"], want)


def untraced_ops(result):
    t = result["time"]
    return sum(w / c for w, c in zip(t["wall_ns"]["samples"], t["ns_per_op"]["samples"]))


def bad_counters(session):
    for r in ok_results(session):
        c = r["counter"]
        wakers = sleeps_of(r) and sleeps_of(r)["wakers"]
        traced = [level for level in (sleeps_of(r), calls_of(r), wakers, stack_pass_of(r), timeline_of(r),
                                      r["latency_ns"], r["hardware"]) if level]
        ops = untraced_ops(r) + sum(level["ops"] for level in traced)
        if c["expected"] - c["final"] != c["lost"]:
            yield "%s: %r do not add up" % (name_of(r), c)
        repeats = len(r["time"]["wall_ns"]["samples"]) + sum(level["repeats"] for level in traced)
        if len(c["totals"]) != repeats or sum(c["totals"]) != c["final"]:
            yield "%s: %d repeats end at %r" % (name_of(r), repeats, c)
        if not close(c["expected"], ops):
            yield "%s: expected %d, repeats made %.1f" % (name_of(r), c["expected"], ops)


def bad_shares(session):
    for r in ok_results(session):
        f, n = r["fairness"], r["workers"]
        if not (1 / n - 1e-9 <= f["jain"] <= 1 + 1e-9 and
                0 <= f["min_share"] <= 1 / n + 1e-9 and
                1 / n - 1e-9 <= f["max_share"] <= 1 + 1e-9):
            yield "%s: %r" % (name_of(r), f)
        if not 0 <= r["time"]["overlap_ratio"] <= 1:
            yield "%s: overlap %r" % (name_of(r), r["time"]["overlap_ratio"])


def bad_placements(session):
    cpus = os.sched_getaffinity(0)
    for r in ok_results(session):
        placement, workers = r["placement"], r["workers"]
        owners = 1 if r["family"] == "message" else 0
        if len(placement) != workers + owners:
            yield "%s: %d tasks on %r" % (name_of(r), workers + owners, placement)
        if not set(placement) <= cpus:
            yield "%s: %r are not all of %r" % (name_of(r), placement, cpus)
        if session["plan"]["pin"] == "spread":
            racing = placement[:workers]
            if len(set(racing)) != min(workers, len(cpus)):
                yield "%s: not spread: %r" % (name_of(r), racing)


def check_measured(session):
    results = ok_results(session)
    holds("what promises an exact counter lost nothing",
          ("%s lost %d" % (name_of(r), r["counter"]["lost"]) for r in results
           if r["counter"]["promises_exact"] and r["counter"]["lost"] != 0))
    for mode in "threads", "processes":
        racy = [r for r in results if r["strategy"] == "none" and r["mode"] == mode]
        promise = "none loses updates as %s" % mode
        if len(os.sched_getaffinity(0)) < 2:
            say("skip", promise, "only one CPU may be used")
        else:
            holds(promise, ["%d raced, %r" % (len(racy), [r["counter"] for r in racy])]
                  if not racy or not all(r["counter"]["lost"] > 0 for r in racy) else [])
    holds("the counter covers all repeats but warm-up", bad_counters(session))
    holds("there is a sample per untraced repeat", bad_samples(session))
    holds("a median is the samples' median", bad_medians(session))
    holds("an interval brackets its median and stays within the samples", bad_intervals(session))
    holds("time and rate of a sample are of the same race", bad_rates(session))
    holds("speedup is sequential's median by one's own", bad_speedups(session))
    holds("shares and the overlap are possible ones", bad_shares(session))
    holds("placement names a CPU per task, spread over those allowed", bad_placements(session))


# -- what the kernel's side has measured -----------------------------------------------------------

def traced_results(session):
    return [(r, sleeps_of(r)) for r in ok_results(session)]


def bad_switch_checks(session):
    for r, s in traced_results(session):
        found = {c["what"]: c for c in s["reconciled"]["checks"]}
        for what in "voluntary switches", "involuntary switches":
            c = found.get(what)
            if not c:
                yield "%s: no check of %s" % (name_of(r), what)
                continue
            tasks = s["repeats"] * len(s["per_worker"])
            if not (c["agrees"] and c["bpf"] == c["other"] and c["tasks"] == c["tasks_agree"]
                    and c["tasks"] == tasks and c["tolerance"] == 0):
                yield "%s: %d tasks, %r" % (name_of(r), tasks, c)
            if c["bpf"] != s["switches"][what.split()[0]]:
                yield "%s: %s: %d are reported" % (name_of(r), what, s["switches"])


def bad_agreements(session):
    for r, s in traced_results(session):
        for c in s["reconciled"]["checks"]:
            if c["agrees"] and abs(c["bpf"] - c["other"]) > c["tolerance"] * c["other"]:
                yield "%s: %r" % (name_of(r), c)
        if not s["reconciled"]["ok"]:
            yield "%s did not reconcile: %r" % (name_of(r), s["reconciled"]["checks"])


def bad_rows(session):
    """What rows do not add up to the sum they are parts of, though nothing was lost."""
    for r, s in traced_results(session):
        if s["lost"]["maps"]:
            continue
        locks = s["futex"]["locks"]
        sums = [("futex sleeps", sum(l["slept"] for l in locks), s["futex"]["slept"]),
                ("futex waits", sum(l["wait_ns"] for l in locks), s["futex"]["wait_ns"]),
                ("futex time", s["futex"]["wait_ns"], s["budget_ns"]["blocked"]["futex"])]
        for key, part in ("run_queue_delay_ns", "run_queue_ns"), ("off_cpu_ns", "off_cpu_ns"):
            sums.append((key, sum(b[2] for t in s["per_worker"] for b in t[key]["histogram"]),
                         sum(b[2] for b in s[part]["histogram"])))
        if s["wakers"] and not s["wakers"]["lost"]["maps"]:
            sums.append(("wake-ups", sum(e["count"] for e in s["wake_edges"]),
                         s["wakers"]["wakeups"]))
        for what, rows, total in sums:
            if rows != total:
                yield "%s: %s: rows add up to %d, the sum is %d" % (name_of(r), what, rows, total)


def bad_stacks(session):
    """Stacks do not add up to the sleeps of their repeats, or were looked for where nobody asked."""
    for r in session["results"]:
        kernel, p = r["kernel"], stack_pass_of(r)
        wanted = kernel and session["plan"]["stacks"] > 0
        if bool(wanted) != bool(p) or (kernel and (kernel["stacks"] is None) == bool(p)):
            yield "%s: %d repeats asked for, %r" % (name_of(r), session["plan"]["stacks"], p)
        if not p:
            continue
        for kind in "sleep", "waker":
            rows = [s for s in kernel["stacks"] if s["kind"] == kind]
            for part, total in ("count", "sleeps"), ("ns", "blocked_ns"):
                if sum(s[part] for s in rows) != p[total]:
                    yield "%s: %s: %s adds up to %d, the sum is %d" % (
                        name_of(r), kind, part, sum(s[part] for s in rows), p[total])
        if any(not s["frames"] or not s["count"] for s in kernel["stacks"]):
            yield "%s: a stack of nothing" % name_of(r)
        if p["truncated"] != sum(s["count"] for s in kernel["stacks"] if s["truncated"]):
            yield "%s: %d truncated" % (name_of(r), p["truncated"])
        if not p["reconciled"]["ok"] or not all(c["agrees"] for c in p["reconciled"]["checks"]
                                                if c["what"] != "on-CPU time"):
            yield "%s: %r" % (name_of(r), p["reconciled"])


def bad_maxima(session):
    for r, s in traced_results(session):
        for row in s["futex"]["locks"] + s["contention"]:
            n = row.get("slept", row.get("count"))
            if not row["wait_ns"] / n <= row["max_ns"] <= row["wait_ns"]:
                yield "%s: %r" % (name_of(r), row)
        for edge in s["wake_edges"] or []:
            if edge["latency_ns"] > edge["max_ns"]:
                yield "%s: %r" % (name_of(r), edge)


def bad_budgets(session):
    for r, s in traced_results(session):
        b = s["budget_ns"]
        total = b["on_cpu"] + b["run_queue"] + sum(b["blocked"].values()) + b["unaccounted"]
        if total != b["wall"]:
            yield "%s: %d of %d ns" % (name_of(r), total, b["wall"])


def bad_task_sums(session):
    for r, s in traced_results(session):
        b, tasks = s["budget_ns"], s["per_worker"]
        wants = {
            "ops": (s["ops"], sum(t["ops"] for t in tasks)),
            "voluntary": (s["switches"]["voluntary"],
                          sum(t["switches"]["voluntary"] for t in tasks)),
            "involuntary": (s["switches"]["involuntary"],
                            sum(t["switches"]["involuntary"] for t in tasks)),
            "on_cpu": (b["on_cpu"], sum(t["on_cpu_ns"] for t in tasks)),
            "run_queue": (b["run_queue"], sum(t["run_queue_ns"] for t in tasks)),
            "blocked": (sum(b["blocked"].values()), sum(t["blocked_ns"] for t in tasks)),
        }
        for what, (total, parts) in wants.items():
            if total != parts:
                yield "%s: %s: %d, tasks have %d" % (name_of(r), what, total, parts)
        if [t["worker"] for t in tasks] != list(range(len(r["placement"]))):
            yield "%s: rows of %r" % (name_of(r), [t["worker"] for t in tasks])


def bad_futexes(session):
    for r, s in traced_results(session):
        for key in "slept", "wait_ns":
            if s["futex"][key] != sum(lock[key] for lock in s["futex"]["locks"]):
                yield "%s: %s: %r" % (name_of(r), key, s["futex"])


def bad_reasons(session):
    """Each sleep has one reason, and those of `other` a system call."""
    for r, s in traced_results(session):
        blocked, slept = s["budget_ns"]["blocked"], s["blocked_count"]
        if sum(slept.values()) != s["wakeups"]:
            yield "%s: %d wake-ups of %r" % (name_of(r), s["wakeups"], slept)
        if any(blocked[reason] and not slept[reason] for reason in blocked):
            yield "%s: %r in %r" % (name_of(r), blocked, slept)
        for key, total in ("slept", slept["other"]), ("wait_ns", blocked["other"]):
            if total != sum(call[key] for call in s["other"]):
                yield "%s: %s: %d of %r" % (name_of(r), key, total, s["other"])
        waits = [call["wait_ns"] for call in s["other"]]
        if waits != sorted(waits, reverse=True):
            yield "%s: not longest first: %r" % (name_of(r), s["other"])


def bad_preemptions(session):
    for r, s in traced_results(session):
        counts = [p["count"] for p in s["preempted_by"]]
        named = s["preemptions"]["neighbours"] - s["preemptions"]["unnamed"]
        if sum(s["preemptions"][who] for who in ("neighbours", "race", "idle")) != \
           s["switches"]["involuntary"]:
            yield "%s: %r of %d" % (name_of(r), s["preemptions"], s["switches"]["involuntary"])
        if sum(counts) > named or len(counts) > 5 or (len(counts) < 5 and sum(counts) != named):
            yield "%s: %r of %r" % (name_of(r), s["preempted_by"], s["preemptions"])
        if counts != sorted(counts, reverse=True) or 0 in counts:
            yield "%s: not most first: %r" % (name_of(r), counts)


def bad_delays(session):
    for r, s in traced_results(session):
        for key in "run_queue_ns", "off_cpu_ns":
            d = s[key]
            if any(b[1] is not None and b[1] <= b[0] for b in d["histogram"]) or \
               any(a[1] > b[0] for a, b in zip(d["histogram"], d["histogram"][1:])):
                yield "%s: %s: bins overlap" % (name_of(r), key)
            if d["histogram"] and not d["p50"] <= d["p99"] <= d["max"]:
                yield "%s: %s: %r" % (name_of(r), key, {k: d[k] for k in ("p50", "p99", "max")})


# What the calls level must be by itself.

WAITS = ("FUTEX_WAIT", "FUTEX_LOCK_PI", "futex_wait", "io_uring FUTEX_WAIT")


def called_results(session):
    return [(r, calls_of(r)) for r in ok_results(session)]


def bad_call_checks(session):
    for r, k in called_results(session):
        found = {c["what"]: c for c in k["reconciled"]["checks"]}
        for what in "voluntary switches", "involuntary switches", "system calls":
            c = found.get(what)
            if not (c and c["agrees"] and c["bpf"] == c["other"] and c["tasks"] == c["tasks_agree"]
                    and c["tasks"] == k["repeats"] * len(r["placement"])):
                yield "%s: %s: %r" % (name_of(r), what, c)
        if not k["reconciled"]["ok"]:
            yield "%s did not reconcile" % name_of(r)


def bad_call_sums(session):
    """Ways into futexes against the system calls and the totals, which are counted apart."""
    for r, k in called_results(session):
        ways, f = k["futex"]["ways"], k["futex"]
        named = {s["name"]: s for s in k["syscalls"]}
        in_calls = sum(w["calls"] for w in ways if not w["name"].startswith("io_uring"))
        calls = sum(s["count"] for name, s in named.items() if name.startswith("futex"))
        if in_calls != calls:
            yield "%s: %d futex calls, %d by way" % (name_of(r), calls, in_calls)
        waits = [w for w in ways if w["name"].startswith(WAITS)]
        for key, total in (("calls", "waits"), ("slept", "slept"), ("eagain", "eagain")):
            if sum(w[key] for w in waits) != f[total]:
                yield "%s: %s: %r" % (name_of(r), key, f)
        returned = next(c["bpf"] for c in k["reconciled"]["checks"] if c["what"] == "system calls")
        if sum(s["count"] for s in k["syscalls"]) != returned:
            yield "%s: %d calls returned, %r" % (name_of(r), returned, k["syscalls"])


def check_calls(session):
    how = session["tracing"]["how"]
    holds("how calls are seen is said", [] if how["calls"] else [repr(how)])
    missing = [name_of(r) for r, k in called_results(session) if not k]
    holds("every result was traced at the calls level", missing)
    if missing:
        return
    holds("its switches and calls agree, task by task", bad_call_checks(session))
    holds("ways into futexes add up to the futex calls, calls to all that returned",
          bad_call_sums(session))
    holds("there are as many repeats of it as asked for",
          ("%s: %d" % (name_of(r), k["repeats"]) for r, k in called_results(session)
           if k["repeats"] != session["plan"]["repeats"]))
    holds("what makes no call has none, and no time in any",
          ("%s: %r" % (name_of(r), k["syscalls"]) for r, k in called_results(session)
           if r["strategy"] in ("sequential", "none", "atomic") and
           (k["syscalls"] or k["on_cpu_ns"]["system"] or k["on_cpu_ns"]["crossing"])))


def bad_costs(session):
    """What tracing took of the machine: all of it, but for what there is a reason for."""
    cost = session["tracing"]["cost"]
    if not cost:
        yield "there is none"
        return
    if not (cost["attach_ms"] and cost["attach_ms"] > 0 and cost["detach_ms"] > 0):
        yield "attaching took %r ms, detaching %r" % (cost["attach_ms"], cost["detach_ms"])
    if cost["maps_bytes"] != sum(m["bytes"] for m in cost["maps"]) or not cost["maps_bytes"]:
        yield "maps %r: %r" % (cost["maps_bytes"], cost["maps"])
    if bool(cost["programs"]) == bool(cost["reason"]):
        yield "%d programs were clocked, and the reason is %r" % (len(cost["programs"]),
                                                                 cost["reason"])
    wanted = {turn["level"] for turn in session["plan"]["order"]} & {
        "sleeps", "calls", "wakers", "stacks"}
    if cost["programs"] and {p["level"] for p in cost["programs"]} != wanted:
        yield "not clocked at each level: %r" % cost["programs"]
    for program in cost["programs"]:
        if (program["ns_per_run"] is None) != (program["runs"] == 0):
            yield repr(program)


def check_traced(session):
    how = session["tracing"]
    holds("tracing is on, and how is said", [] if how["status"] == "on" and how["reason"] is None
          and how["how"]["sched"] and how["load_ms"] > 0 else [repr(how)])
    holds("what tracing takes of the machine is said", bad_costs(session))
    untraced = [name_of(r) for r in session["results"] if not sleeps_of(r)]
    holds("every result was traced", untraced)
    if untraced:
        return
    holds("switches agree with getrusage, task by task", bad_switch_checks(session))
    holds("rows add up to the sums they are parts of", bad_rows(session))
    holds("stacks add up to the sleeps of their repeats, where they were asked for",
          bad_stacks(session))
    holds("the longest wait is no shorter than the mean, and no longer than all", bad_maxima(session))
    holds("every session reconciles, and what agrees does so", bad_agreements(session))
    holds("at most 1 % of wall is unaccounted",
          ("%s: %r" % (name_of(r), s["budget_ns"]) for r, s in traced_results(session)
           if abs(s["budget_ns"]["unaccounted"]) > 0.01 * s["budget_ns"]["wall"]))
    holds("the budget's parts add up to wall exactly", bad_budgets(session))
    holds("tasks add up to the totals", bad_task_sums(session))
    holds("futex words add up to the futex totals", bad_futexes(session))
    holds("every sleep has one reason, and `other` adds up by system call", bad_reasons(session))
    holds("every involuntary switch is somebody's", bad_preemptions(session))
    holds("delays are ordered", bad_delays(session))
    holds("slowdown is there, with an interval around it",
          ("%s: %r" % (name_of(r), s["slowdown"]) for r, s in traced_results(session)
           if not (s["slowdown"]["median"] and s["slowdown"]["ci95"] and s["slowdown"]["ci95"][0] <=
                   s["slowdown"]["median"] <= s["slowdown"]["ci95"][1])))
    holds("there are as many traced repeats as asked for",
          ("%s: %d" % (name_of(r), s["repeats"]) for r, s in traced_results(session)
           if s["repeats"] != session["plan"]["repeats"]))


# -- the order of the races ------------------------------------------------------------------------

def turns_of(session):
    return [(turn["result"], turn["level"]) for turn in session["plan"]["order"]]


def check_order(session):
    plan, turns = session["plan"], turns_of(session)
    traced = session["tracing"]["status"] == "on"
    wants = {"warmup": plan["warmup"], "untraced": plan["repeats"], "latency": plan["latency"]}
    if traced and plan["detail"] in ("sleeps", "both"):
        wants["sleeps"] = plan["repeats"]
        wants["wakers"] = plan["wakers"]
    if traced and plan["detail"] in ("calls", "both"):
        wants["calls"] = plan["repeats"]
    if traced:
        wants["stacks"] = plan["stacks"]
    if traced and plan["timeline"]:
        wants["timeline"] = 1
    counted = min(plan["repeats"], 3) if session["hardware"]["available"] else 0
    last = len(turns) - counted * len(session["results"])
    holds("the processor's counters come last",
          [] if all((level == "counters") == (at >= last)
                    for at, (_, level) in enumerate(turns)) else ["not"])
    holds("and every result has as many of those",
          ["%d" % i for i in range(len(session["results"]))
           if turns.count((i, "counters")) != counted])
    turns = turns[:last]
    lots = [(i, level) for i in range(len(session["results"])) for level in wants]
    holds("the order has every result as often as asked for, at each level",
          ["%r: %d" % (lot, turns.count(lot)) for lot in lots
           if turns.count(lot) != wants[lot[1]]] +
          ["%r is nobody's" % (turn,) for turn in set(turns) if turn not in lots])

    warmups = plan["warmup"] * len(session["results"])
    holds("warm-up comes first",
          [] if all(level == "warmup" for _, level in turns[:warmups]) else ["not"])
    last = len(turns) - wants.get("timeline", 0) * len(session["results"])
    holds("a timeline is recorded last",
          [] if all((level == "timeline") == (at >= last)
                    for at, (_, level) in enumerate(turns)) else ["not"])
    turns = turns[:last]
    last = len(turns) - wants.get("stacks", 0) * len(session["results"])
    holds("stacks are taken last but for that",
          [] if all(level == "stacks" for _, level in turns[last:]) else ["not"])
    turns = turns[:last]
    last = len(turns) - wants.get("wakers", 0) * len(session["results"])
    holds("wakers are looked for last but for that",
          [] if all(level == "wakers" for _, level in turns[last:]) else ["not"])
    turns = turns[:last]
    last = len(turns) - plan["latency"] * len(session["results"])
    holds("and latency is measured before them",
          [] if all(level == "latency" for _, level in turns[last:]) else ["not"])
    interleaved = turns[warmups:last]
    apart = ("warmup", "latency", "wakers", "stacks", "timeline")
    had = {lot: 0 for lot in lots if lot[1] not in apart}
    worst = 0
    for turn in interleaved:
        had[turn] = had.get(turn, 0) + 1
        worst = max(worst, max(had.values()) - min(had.values()))
    holds("repeats are interleaved: none is ahead of any other by more than one",
          ["one is ahead by %d" % worst] if worst > 1 else [])
    size = len(had)
    rounds = [interleaved[i:i + size] for i in range(0, len(interleaved), size)]
    holds("no round repeats the order of the first one",
          ["all alike"] if len(rounds) > 1 and any(r == rounds[0] for r in rounds[1:]) else [])


def check_same_order(a, b):
    holds("the same seed gives the same order",
          [] if turns_of(a) == turns_of(b) and a["plan"]["seed"] == b["plan"]["seed"] else
          ["seeds %d, %d" % (a["plan"]["seed"], b["plan"]["seed"])])


# -- the seed preset ---------------------------------------------------------------------------------

SEED_ROWS = [
    ("sequential", "threads"), ("none", "threads"), ("mutex", "threads"), ("sem-futex", "threads"),
    ("sem-futex", "processes"), ("pipe", "processes"), ("queue", "processes"), ("shm", "processes"),
]


def bad_totals(session):
    want = 2 * session["plan"]["iterations"]
    for r in session["results"]:
        c = r["counter"]
        if c["promises_exact"] != (r["strategy"] != "none"):
            yield "%s promises %r" % (name_of(r), c["promises_exact"])
        elif c["promises_exact"] and (not c["totals"] or set(c["totals"]) != {want}):
            yield "%s ends at %r, not %d" % (name_of(r), c["totals"], want)
        elif not all(0 < total <= want for total in c["totals"]):
            yield "%s ends at %r" % (name_of(r), c["totals"])


def check_seed(session):
    plan, results = session["plan"], session["results"]
    raced = [(r["strategy"], r["mode"]) for r in results]
    holds("the seed preset races what the contract says", [] if raced == SEED_ROWS else [repr(raced)])
    holds("by two workers, each with its work in one turn",
          (name_of(r) + " batch=%r" % r["batch"] for r in results if r["batch"] != "all" or
           r["workers"] != (1 if r["strategy"] == "sequential" else 2)))
    holds("the plan names it and its modes",
          [] if plan["preset"] == "seed" and plan["batch"] == "all" and plan["duration_ns"] is None
          and plan["modes"] == ["threads", "processes"] else [repr(plan)[:200]])
    holds("every exact one ends every repeat at all increments of both", bad_totals(session))
    base = next(r for r in results if r["strategy"] == "sequential")["time"]["ns_per_op"]["median"]
    holds("sequential is what threads and processes are compared with",
          ("%s: %r" % (name_of(r), r["time"]["speedup"]) for r in results
           if not close(r["time"]["speedup"], base / r["time"]["ns_per_op"]["median"])))
    holds("seconds are for all the work, whoever does it",
          ("%s: %r" % (name_of(r), r["time"]["wall_ns"]) for r in results
           if not all(close(wall, cost * 2 * plan["iterations"]) for wall, cost in
                      zip(r["time"]["wall_ns"]["samples"], r["time"]["ns_per_op"]["samples"]))))


# -- the verdict -----------------------------------------------------------------------------------

SCALES = {"ns": 1, "us": 1e3, "ms": 1e6}


def share_blocked(sleeps, is_owner):
    rows = [t for t in sleeps["per_worker"] if (t["role"] == "owner") == is_owner]
    blocked = sum(t["blocked_ns"] for t in rows)
    return 100 * blocked / (blocked + sum(t["on_cpu_ns"] + t["run_queue_ns"] for t in rows))


def recompute(figure, r):
    """The figure's value from the raw counters of its result, by the formulas in verdict.h."""
    key, c, t, s, k = figure["name"], r["counter"], r["time"], sleeps_of(r), calls_of(r)
    plain = {
        "lost_percent": lambda: 100 * c["lost"] / c["expected"],
        "lost": lambda: abs(c["lost"]),
        "expected": lambda: c["expected"],
        "times_sequential": lambda: 1 / t["speedup"],
        "untraced_switches_per_kop": lambda: 1000 * (
            r["rusage"]["voluntary"] + r["rusage"]["involuntary"]) / untraced_ops(r),
        "cpus_busy": lambda: t["cpu_ns_per_op"]["median"] / t["ns_per_op"]["median"],
    }
    if key in plain:
        return plain[key]()
    if key.endswith("_per_repeat"):
        level = s if key.removesuffix("_per_repeat") in ("sleeps", "futex_sleeps") else k
        per_kop = dict(figure, name=key.replace("_per_repeat", "_per_kop"))
        return recompute(per_kop, r) * level["ops"] / 1000 / level["repeats"]
    calls = {
        "system_percent": lambda: 100 - 100 * k["on_cpu_ns"]["user"] / sum(k["on_cpu_ns"].values()),
        "futex_waits_per_kop": lambda: 1000 * k["futex"]["waits"] / k["ops"],
        "eagain_per_kop": lambda: 1000 * k["futex"]["eagain"] / k["ops"],
        "futex_slept_per_kop": lambda: 1000 * k["futex"]["slept"] / k["ops"],
        "longest_call_per_kop": lambda: 1000 * k["syscalls"][0]["count"] / k["ops"],
        "longest_call": lambda: k["syscalls"][0]["time_ns"] / k["syscalls"][0]["count"] /
        SCALES[figure["unit"]],
    }
    if key in calls:
        return calls[key]()
    b = s["budget_ns"]
    blocked = sum(b["blocked"].values())
    traced = {
        "on_cpu_percent": lambda: 100 * b["on_cpu"] / b["wall"],
        "run_queue_percent": lambda: 100 * b["run_queue"] / b["wall"],
        "sleeps_per_kop": lambda: 1000 * s["switches"]["voluntary"] / s["ops"],
        "mean_sleep": lambda: blocked / s["switches"]["voluntary"] / SCALES[figure["unit"]],
        "futex_sleeps_per_kop": lambda: 1000 * s["futex"]["slept"] / s["ops"],
        "mean_futex_sleep": lambda: s["futex"]["wait_ns"] / s["futex"]["slept"] /
        SCALES[figure["unit"]],
        "involuntary_per_kop": lambda: 1000 * s["switches"]["involuntary"] / s["ops"],
        "owner_blocked_percent": lambda: share_blocked(s, True),
        "workers_blocked_percent": lambda: share_blocked(s, False),
    }
    if key in traced:
        return traced[key]()
    return 100 * b["blocked"][key.removesuffix("_percent")] / b["wall"]


def rounding_of(token, name):
    """Half of the last place that was printed."""
    if "e" in token:
        return 0.5 * 10.0 ** int(token.split("e")[1])
    if "." in token:
        return 0.5 * 10.0 ** -len(token.split(".")[1])
    digits = len(token.replace(",", ""))
    exact = name in ("lost", "expected")
    return 0.0 if exact else 0.5 * 10.0 ** max(0, digits - 3)


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")


def tokens_of(verdict):
    """Every number in the sentence, with its unit where one follows."""
    for match in NUMBER.finditer(verdict):
        text = match.group().rstrip(",")
        unit = re.match(r" (%|ns|us|ms|x)(?![a-z])", verdict[match.start() + len(text):])
        yield text, unit.group(1) if unit else ""


def stray_numbers(session):
    for r in ok_results(session):
        said = [(float(text.replace(",", "")), unit) for text, unit in tokens_of(r["verdict"])]
        figures = [(f["value"], f["unit"]) for f in r["figures"]]
        if said != figures:
            yield "%s: the sentence has %r, the figures are %r" % (name_of(r), said, figures)


def wrong_figures(session):
    for r in ok_results(session):
        for (token, _), f in zip(tokens_of(r["verdict"]), r["figures"]):
            try:
                want = recompute(f, r)
            except (KeyError, TypeError, ZeroDivisionError) as error:
                yield "%s: %s cannot be recomputed: %r" % (name_of(r), f["name"], error)
                continue
            if token == "99.9" and 99.85 <= want < 100:
                continue
            if abs(f["value"] - want) > rounding_of(token, f["name"]) * (1 + 1e-6) + 1e-12 * want:
                yield "%s: %s is %s, the counters give %r" % (name_of(r), f["name"], token, want)


def check_verdict(session):
    holds("every result has a verdict, of one sentence",
          (name_of(r) + ": %r" % r["verdict"] for r in ok_results(session)
           if not r["verdict"] or not r["verdict"].endswith(".") or "\n" in r["verdict"]))
    holds("every number of a verdict is a figure, and every figure is said", stray_numbers(session))
    holds("every figure can be recomputed from the counters beside it", wrong_figures(session))


CHECKS = {
    "calls": check_calls, "contract": check_contract, "measured": check_measured, "traced": check_traced,
    "order": check_order, "same-order": check_same_order, "verdict": check_verdict,
    "seed": check_seed,
}


def main():
    sessions = []
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            sessions.append(json.load(file))
    CHECKS[sys.argv[1]](*sessions)


main()
