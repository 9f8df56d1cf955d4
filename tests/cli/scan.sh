#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A scan races every combination once, says of each result which it was, and compares within one.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

judge() { relays python3 "$root/tests/lib/session.py" "$@"; }

file=$scratch/session.json
short=(-r 1 --warmup=0 --latency=0 --trace=off)
exits 0 "a scan of several options runs" "$TRACEBENCH" run sequential mutex sem-futex pipe rwlock \
	-w 1,2 --scan=duration=20ms,40ms --scan=batch=1,64 --scan=permits=1,4 --scan=message=8,1024 \
	--scan=read-share=0,50 "${short[@]}" -o "$file"
is "$err" "" "and says nothing about it"
judge contract "$file"
judge order "$file"
judge verdict "$file"
holds "the plan names what was scanned, and has no value of its own of it" said "$file" \
	'p["scan"] == [{"key": "duration_ns", "values": [20000000, 40000000]},
		{"key": "batch", "values": [1, 64]}, {"key": "permits", "values": [1, 4]},
		{"key": "message", "values": [8, 1024]}, {"key": "read_share", "values": [0, 50]}] and
	p["workers"] == [1, 2] and all(p[s["key"]] is None for s in p["scan"])'
holds "no combination is raced twice" said "$file" \
	'len(r) == len({tuple(x[s["key"]] for s in p["scan"]) + (x["strategy"], x["workers"]) for x in r})'
holds "sequential is raced for each duration" said "$file" \
	'rows("sequential", "duration_ns", "batch", "permits", "message", "read_share") ==
	[(20000000, None, None, None, None), (40000000, None, None, None, None)]'
holds "a lock takes its durations, batches and workers" said "$file" \
	'rows("mutex", "workers", "duration_ns", "batch", "permits", "message", "read_share") ==
	[(w, d, b, None, None, None) for w in (1, 2) for d in (20000000, 40000000) for b in (1, 64)]'
holds "a semaphore its permits too" said "$file" \
	'rows("sem-futex", "workers", "duration_ns", "batch", "permits", "message", "read_share") ==
	[(w, d, b, s, None, None) for w in (1, 2) for d in (20000000, 40000000) for b in (1, 64)
		for s in (1, 4)]'
holds "a message strategy its messages" said "$file" \
	'rows("pipe", "workers", "duration_ns", "batch", "permits", "message", "read_share") ==
	[(w, d, b, None, m, None) for w in (1, 2) for d in (20000000, 40000000) for b in (1, 64)
		for m in (8, 1024)]'
holds "and rwlock its share of reads" said "$file" \
	'rows("rwlock", "workers", "duration_ns", "batch", "permits", "message", "read_share") ==
	[(w, d, b, None, None, s) for w in (1, 2) for d in (20000000, 40000000) for b in (1, 64)
		for s in (0, 50)]'
# A worker that starts late makes its race look shorter, but not every one does.
holds "a longer race is longer" said "$file" \
	'any(x["time"]["wall_ns"]["median"] > 30e6 for x in r if x["duration_ns"] == 40000000)'
holds "the speedup is against sequential for as long" said "$file" \
	'all(abs(x["time"]["speedup"] * x["time"]["ns_per_op"]["median"] /
		dict(rows("sequential", "duration_ns", "time"))[x["duration_ns"]]["ns_per_op"]["median"]
		- 1) < 1e-9 for x in r)'
holds "more than one permit promises no exact counter" said "$file" \
	'all(x["counter"]["promises_exact"] == (x["permits"] != 4) for x in r)'

exits 0 "it is shown" env COLUMNS=80 "$TRACEBENCH" report "$file"
like "$out" $'\n''STRATEGY +WORKERS +BATCH +PERMITS +READS +BYTES +DURATION +NS/OP' \
	"80 columns tell every row apart"
like "$out" '· scan duration=20\.0ms,40\.0ms'[[:space:]]'x batch=1,64 x' \
	"the header says what was scanned"

exits 0 "a scan of fixed work" "$TRACEBENCH" run sequential mutex -w 2 --scan=iterations=10k,20k \
	--scan=batch=1,all "${short[@]}" -o "$scratch/work.json"
judge contract "$scratch/work.json"
holds "makes as many increments as each result says" said "$scratch/work.json" \
	'p["iterations"] is None and rows("sequential", "iterations", "batch") ==
	[(10000, None), (20000, None)] and rows("mutex", "iterations", "batch") ==
	[(10000, 1), (10000, "all"), (20000, 1), (20000, "all")] and
	all(x["counter"]["final"] == 2 * x["iterations"] for x in r)'
like "$out" 'ITERATIONS +SECONDS +TOTAL' "which have seconds and totals"

exits 0 "a scan of the work around an increment" "$TRACEBENCH" run sequential mutex -d 20ms \
	--scan=critical=0ns,20us --scan=think=0ns,1us --scan=pace=1k,4k "${short[@]}" \
	-o "$scratch/shape.json"
judge contract "$scratch/shape.json"
holds "races each with each" said "$scratch/shape.json" \
	'[s["key"] for s in p["scan"]] == ["critical_ns", "think_ns", "pace"] and
	[rows(name, "critical_ns", "think_ns", "pace") for name in ("sequential", "mutex")] ==
	2 * [[(c, t, n) for c in (0, 20000) for t in (0, 1000) for n in (1000, 4000)]]'
like "$out" 'CRITICAL +THINK +PACE +NS/OP' "and has a column for each"

exits 0 "a scan of workers" "$TRACEBENCH" run mutex --scan=workers=1,2 -d 20ms "${short[@]}" \
	-o "$scratch/workers.json"
holds "is a list of workers" said "$scratch/workers.json" \
	'p["workers"] == [1, 2] and p["scan"] == [] and rows("mutex", "workers") == [(1,), (2,)]'

exits 0 "a scan from the environment" env "TRACEBENCH_SCAN=batch=1,2 permits=1,2" \
	"$TRACEBENCH" run sem-futex -d 20ms "${short[@]}" -o "$scratch/environment.json"
holds "is followed" said "$scratch/environment.json" \
	'rows("sem-futex", "batch", "permits") == [(1, 1), (1, 2), (2, 1), (2, 2)]'

exits 2 "what cannot be raced at one point is refused for all" \
	"$TRACEBENCH" run mutex -d 20ms --scan=batch=1,all
one_line "in one line"
nothing_out "and nothing is raced"

# Whoever asks for so much is told before it starts, and does not have to wait for the end.
timeout -s INT 3 "$TRACEBENCH" run mutex sequential --scan=batch=1,2 -d 300s -r 2 --warmup=0 --latency=0 --trace=off \
	>"$scratch/.out" 2>"$scratch/.err"
like "$(head -n 1 "$scratch/.err")" \
	"^tracebench: warning: 6 races take at least 30 minutes: when interrupted, what is complete by then is shown\$" \
	"a long session says how long it takes at least"
timeout -s INT 3 "$TRACEBENCH" run mutex -q -d 300s -r 5 --warmup=0 --trace=off \
	>"$scratch/.out" 2>"$scratch/.err"
unlike "$(cat "$scratch/.err")" "minutes" "but not with --quiet"

done_testing
