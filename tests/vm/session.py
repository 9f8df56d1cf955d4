#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges the session of a guest: counts, no times.  Prints lines for `relays` of session.sh.

    session.py SERIES SESSION
"""

import json
import sys

series, path = sys.argv[1:]
session = json.load(open(path))

# What a series of kernels lacks, by strategy, and a word of the reason.
LACKS = {
    "6.1": {"turn-uring-futex": "futex"},
}
EXACT = "voluntary switches", "involuntary switches", "system calls", "futex calls"


def holds(promise, problems):
    problems = list(problems)
    print("fail" if problems else "pass", "%s: session: %s" % (series, promise),
          "; ".join(problems[:5]), sep="\t")


def unsupported():
    want = LACKS.get(series, {})
    for r in session["results"]:
        word = want.get(r["strategy"])
        if (r["status"] == "unsupported") != bool(word):
            yield "%s is %s: %s" % (r["strategy"], r["status"], r["reason"])
        elif word and word not in (r["reason"] or ""):
            yield "%s: %r does not name %s" % (r["strategy"], r["reason"], word)


def unreconciled():
    for r in session["results"]:
        if r["status"] == "unsupported":
            continue
        if r["status"] != "ok":
            yield "%s is %s: %s" % (r["strategy"], r["status"], r["reason"])
            continue
        levels = {**r["kernel"], "wakers": r["kernel"]["sleeps"]["wakers"]}
        for level in "sleeps", "calls", "wakers":
            checks = {c["what"]: c for c in levels[level]["reconciled"]["checks"]}
            for what in EXACT if level == "calls" else EXACT[:2]:
                c = checks.get(what)
                if not c or not c["agrees"] or c["bpf"] != c["other"] or not c["tasks"]:
                    yield "%s, %s: %s: %r" % (r["strategy"], level, what, c)


def lost():
    for r in session["results"]:
        for level in "sleeps", "calls":
            counts = (r["kernel"] or {}).get(level) or {"lost": {}}
            for cause, n in counts["lost"].items():
                if n:
                    yield "%s, %s: %d %s" % (r["strategy"], level, n, cause)


how = session["tracing"]["how"]
holds("futex calls are counted by fexit", [] if "fexit" in (how["futex"] or "") else [repr(how)])
holds("strategies that this kernel cannot run say why, and no others", unsupported())
holds("every other row's counts agree exactly, task by task", unreconciled())
holds("nothing is lost", lost())
