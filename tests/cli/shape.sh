#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Latency, work, think and pace, as one asks for them and as they are written down.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

judge() { relays python3 "$root/tests/lib/session.py" "$@"; }

file=$scratch/latency.json
# Of four rows there are 24 orders, so two rounds of a random seed are alike once in as many runs.
exits 0 "latency is measured unless it is asked not to be" env -u TRACEBENCH_LATENCY \
	"$TRACEBENCH" run mutex pipe turn-futex atomic --trace=off -d 20ms -r 2 --seed=7 -o "$file"
judge contract "$file"
judge order "$file"
holds "in three repeats" said "$file" 'all(x["latency_ns"]["repeats"] == 3 for x in r)'
holds "it says from when to when" said "$file" \
	'[of(k)["latency_ns"]["from"] for k in ("mutex", "atomic", "pipe", "turn-futex")] ==
	["section", "section", "message", "turn"]'
holds "percentiles are in order, and below the longest" said "$file" \
	'all(q == sorted(q) and len(q) > 1 for q in ([l[k] for k in ("p50", "p90", "p99", "p99_9", "max")
	if l[k] is not None] for l in (x["latency_ns"] for x in r)))'
holds "the histogram has all of them, in order, and the longest in its last bin" said "$file" \
	'all(sum(n for _, _, n in l["histogram"]) == l["count"] > 0
	and all(a[1] <= b[0] for a, b in zip(l["histogram"], l["histogram"][1:]))
	and l["histogram"][-1][0] <= l["max"] < l["histogram"][-1][1]
	for l in (x["latency_ns"] for x in r))'
holds "the faster it is, the fewer are timed" said "$file" \
	'of("atomic")["latency_ns"]["sampled_every"] > of("turn-futex")["latency_ns"]["sampled_every"]'
holds "runs are of locks" said "$file" \
	'of("mutex")["fairness"]["run_length"]["mean"] >= 1 and
	of("mutex")["fairness"]["run_length"]["longest"] >= of("mutex")["fairness"]["run_length"]["mean"] and
	of("atomic")["fairness"]["run_length"] == {"mean": None, "longest": None}'
holds "each worker has its part, and the owner his" said "$file" \
	'all(math.isclose(sum(w["share"] for w in x["per_worker"] if w["role"] == "worker"), 1)
	for x in r) and
	[w["role"] for w in of("pipe")["per_worker"]] == ["worker", "worker", "owner"] and
	all(w["cpu_ns"] > 0 for w in of("pipe")["per_worker"])'

exits 0 "without latency" "$TRACEBENCH" run mutex --trace=off -d 20ms -r 1 --latency=0 -o "$file" --force
holds "it is null" said "$file" 'of("mutex")["latency_ns"] is None and p["latency"] == 0'

exits 0 "work and think" "$TRACEBENCH" run mutex pipe --trace=off -d 20ms -r 2 --critical=20us \
	--think=5us -o "$file" --force
judge contract "$file"
holds "are in the plan, in the rows, and what they cost beside them" said "$file" \
	'all((x["critical_ns"], x["think_ns"]) == (20000, 5000) for x in [p, *r]) and
	s["work"]["step_ns"] > 0 and s["work"]["took_ns"] > 0 and
	s["work"]["fixed_ns"] >= 0 and len(s["work"]["cpus"]) > 0'
# How long is a matter of tools/bench/critical. One works at a time, while the other may think: with
# 5 us of thought alone an increment would take 2.5 us.
holds "work is done" said "$file" 'all(x["time"]["ns_per_op"]["median"] > 8000 for x in r)'
exits 0 "think alone" "$TRACEBENCH" run mutex -w 1 --trace=off -d 20ms -r 1 --think=20us -o "$file" --force
holds "is done" said "$file" 'of("mutex")["time"]["ns_per_op"]["median"] > 8000'
exits 0 "no work" "$TRACEBENCH" run mutex --trace=off -d 20ms -r 1 -o "$file" --force
holds "nothing was calibrated" said "$file" 's["work"] is None'

exits 0 "a pace" "$TRACEBENCH" run mutex pipe turn-futex --trace=off -d 50ms -r 2 --pace=4k -o "$file" --force
judge contract "$file"
holds "is recorded, and latency is counted from it" said "$file" \
	'all(x["pace"] == 4000 and x["latency_ns"]["from"] == "pace" and
	x["latency_ns"]["sampled_every"] == 1 for x in r)'
# Some 200 of each: enough for P99, and too few for P99.9.
holds "a percentile is there if a pass lies above it, by rank" said "$file" \
	'all((l[k] is not None) == (-(-share * l["count"] // 1000) < l["count"])
	for l in (x["latency_ns"] for x in r)
	for k, share in (("p50", 500), ("p90", 900), ("p99", 990), ("p99_9", 999)))'
# A pass every 250 us, and one of each worker before the first interval is over.
holds "is not exceeded" said "$file" 'all(x["time"]["ns_per_op"]["median"] > 245000 for x in r)'

exits 2 "a pace that is none" "$TRACEBENCH" run mutex --pace=0
like "$err" "--pace: '0' is not a count from 1 to 10M" "is refused"
exits 2 "work that is none" "$TRACEBENCH" run mutex --critical=1m
like "$err" "--critical: '1m' is not a time from" "is refused, too"

done_testing
