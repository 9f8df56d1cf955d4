#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a session is rendered as says what the session says.

usage: formats.py PROGRAM SESSION

Prints lines "pass|fail", promise and detail, with tabs between them, for relays.
Each format is read by a parser that is not ours.
"""

import csv
import io
import json
import subprocess
import sys


def rendered(*options):
    done = subprocess.run([sys.argv[1], "report", sys.argv[2], *options], capture_output=True,
                          check=False)
    if done.returncode or done.stderr:
        raise AssertionError(f"{options}: {done.returncode}: {done.stderr!r}")
    return done.stdout.decode("utf-8")


def equal(got, want, where):
    if got != want:
        raise AssertionError(f"{where}: {got!r}, not {want!r}")


def leaves(value, name=""):
    """All that is one value below an object, by its path; what is null has none."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        if name.endswith(".ci95"):
            yield from ((f"{name}.low", value[0]), (f"{name}.high", value[1]))
    elif value is not None:
        yield name, value


def cell(text, value):
    if isinstance(value, bool):
        return text == ("true" if value else "false")
    if isinstance(value, (int, float)):
        return text and float(text) == value
    return text == value


def csv_says_all_that_is_one_value(session):
    text = rendered("--format=csv")
    lines = text.split("\r\n")
    equal(lines[-1], "", "the end")
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    equal(len(rows), len(session["results"]), "rows")
    for row, result in zip(rows, session["results"]):
        want = dict(leaves(result))
        # An index of what a row has itself: the host, and when it started.
        index = want.pop("source", None)
        source = session if index is None else session["sources"][index]
        want["started"] = source["started"]
        for key in ("hostname", "kernel", "cpu_model"):
            if source["host"][key] is not None:
                want["host." + key] = source["host"][key]
        for name, value in want.items():
            if name not in row:
                raise AssertionError(f"there is no column {name}")
            if not cell(row[name], value):
                raise AssertionError(f"{name}: {row[name]!r}, not {value!r}")
        for name, text in row.items():
            if text and name not in want:
                raise AssertionError(f"{name} is null, not {text!r}")


def csv_has_the_same_columns_in_every_session(session):
    del session
    names = rendered("--format=csv").split("\r\n", maxsplit=1)[0].split(",")
    equal(len(set(names)), len(names), "names")
    for name in ("strategy", "time.ns_per_op.median", "time.ns_per_op.ci95.low", "latency_ns.p99",
                 "kernel.sleeps.budget_ns.blocked.futex", "kernel.calls.slowdown.median",
                 "hardware.cycles", "host.kernel"):
        if name not in names:
            raise AssertionError(f"there is no column {name}")


def ndjson_has_each_result_whole(session):
    lines = rendered("--format=ndjson").splitlines()
    equal(len(lines), len(session["results"]), "lines")
    for line, result in zip(map(json.loads, lines), session["results"]):
        equal({key: line[key] for key in result}, result, "result")
        for key in ("host", "started", "complete", "tool"):
            equal(line[key], session[key], key)
        equal(line["plan"], {k: v for k, v in session["plan"].items() if k != "order"}, "plan")
        equal(line["schema"], "tracebench.result/1", "schema")


def bmf_has_every_benchmark_once(session):
    pairs = json.loads(rendered("--export=bmf=-"), object_pairs_hook=list)
    raced = [r for r in session["results"] if r["status"] == "ok"]
    equal(len(pairs), len(raced), "benchmarks")
    equal(len({name for name, _ in pairs}), len(pairs), "names")
    for (name, measures), result in zip(pairs, raced):
        measures = {measure: dict(metric) for measure, metric in measures}
        time = result["time"]
        if not name.startswith(f"{result['strategy']} {result['mode']}") or len(name) > 1024:
            raise AssertionError(f"'{name}' is no name for {result['strategy']}")
        low, high = time["ns_per_op"]["ci95"] or (None, None)
        want = {"value": time["ns_per_op"]["median"], "lower_value": low, "upper_value": high}
        equal(measures["latency"], {k: v for k, v in want.items() if v is not None}, "latency")
        for metric in measures.values():
            if not isinstance(metric["value"], float) or set(metric) - set(want):
                raise AssertionError(f"{name}: {metric}")


def markdown_has_one_table_of_one_width(session):
    del session
    rows = [line for line in rendered("--format=markdown").splitlines() if line.startswith("|")]
    widths = {len(row.replace("\\\\", "").replace("\\|", "").split("|")) for row in rows}
    equal(len(widths), 1, "cells of all rows")


def plain_is_ascii_without_colour(session):
    del session
    text = rendered("--format=plain")
    if not text.isascii() or any(ord(c) < 32 and c != "\n" for c in text):
        raise AssertionError("it is not plain")


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        session = json.load(file)
    for check in (csv_says_all_that_is_one_value, csv_has_the_same_columns_in_every_session,
                  ndjson_has_each_result_whole, bmf_has_every_benchmark_once,
                  markdown_has_one_table_of_one_width, plain_is_ascii_without_colour):
        name = check.__name__.replace("_", " ")
        try:
            check(session)
            print("pass", name, "", sep="\t")
        except (AssertionError, KeyError, ValueError, csv.Error, UnicodeDecodeError) as wrong:
            print("fail", name, " ".join(repr(wrong).split())[:400], sep="\t")


if __name__ == "__main__":
    main()
