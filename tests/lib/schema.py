#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions are what docs/session.schema.json says, by a validator that is not ours.

usage: schema.py SCHEMA SESSION...

Prints lines "pass|fail", promise and detail, with tabs between them, for relays.
"""

import copy
import json
import sys

from jsonschema import Draft202012Validator


def verdict(promise, wrong):
    print("fail" if wrong else "pass", promise, " ".join(str(wrong).split())[:400], sep="\t")


def errors(validator, session):
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(session)][:3]


def at(session, path):
    for key in path:
        session = session[key]
    return session


# What breaks a session: where, the key, what it becomes (absent: REMOVED), and why.
REMOVED = object()
BREAKS = [
    ((), "schema", "tracebench.session/2", "another version"),
    ((), "complete", 1, "a number for true"),
    ((), "results", None, "no results"),
    (("host",), "hostname", REMOVED, "a member that is missing"),
    (("host",), "cpus_online", -1, "a negative count"),
    (("host",), "cpus_online", 1.5, "a fraction for a count"),
    (("plan",), "seed", 1 << 63, "an integer of 64 bits"),
    (("plan",), "batch", 0, "a batch of none"),
    (("plan",), "batch", "every", "a batch of another word"),
    (("tracing",), "status", "maybe", "a status that there is not"),
    (("results", 0), "strategy", None, "a strategy without a name"),
    (("results", 0), "time", None, "null for an object"),
    (("results", 0, "time", "ns_per_op"), "median", "1", "text for a number"),
    (("results", 0, "time", "ns_per_op"), "ci95", [1], "half an interval"),
    (("results", 0, "time", "ns_per_op"), "samples", [None, True], "a sample that is none"),
    (("results", 0, "latency_ns"), "histogram", [[1, 2]], "a bin without its count"),
    (("results", 0, "kernel", "sleeps"), "wake_edges", {}, "an object for a list"),
]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in sys.argv[2:]:
        with open(path, encoding="utf-8") as file:
            session = json.load(file)
        verdict(f"{path} is a session", errors(validator, session))
    # The first is one with every member.
    with open(sys.argv[2], encoding="utf-8") as file:
        session = json.load(file)
    for path, key, value, what in BREAKS:
        broken = copy.deepcopy(session)
        if value is REMOVED:
            del at(broken, path)[key]
        else:
            at(broken, path)[key] = value
        verdict(f"{what} is none", [] if errors(validator, broken) else [f"{path} {key}"])
    extended = copy.deepcopy(session)
    extended["new"] = extended["results"][0]["new"] = {"any": "thing"}
    verdict("keys that are not known may be there", errors(validator, extended))
    return 0


if __name__ == "__main__":
    sys.exit(main())
