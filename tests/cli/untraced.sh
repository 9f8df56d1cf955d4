#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who has no rights gets timings and the counter check, and is told in one line what is missing.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

make_public

# has NAME EXPRESSION: true of the session s that is on stdout.
has() {
	holds "$1" python3 -c '
import json, sys
s = json.load(open(sys.argv[1]))
sys.exit(0 if eval(sys.argv[2]) else repr((s["tracing"], [r["status"] for r in s["results"]])))
' "$scratch/.out" "$2"
}

if as_ordinary ./tracebench doctor --can=trace 2>/dev/null; then
	skip "without rights, it is untraced" "an ordinary user can trace here"
	done_testing
fi

run=(as_ordinary ./tracebench run -d 20ms -r 2 --mode=both --format=json)
everything='s["complete"] and s["results"] and all(r["status"] == "ok" for r in s["results"])'
measured='all(len(r["time"]["ns_per_op"]["samples"]) == 2 and r["rusage"]["voluntary"] is not None
	and r["counter"]["lost"] is not None for r in s["results"])'
exact='all(r["counter"]["lost"] == 0 for r in s["results"] if r["counter"]["promises_exact"])'
no_kernel='all(r["kernel"] is None for r in s["results"])'

exits 0 "without rights, everything is raced" "${run[@]}"
has "and ends well" "$everything"
has "and is timed and counted" "$measured"
has "and counts exactly where it promises so" "$exact"
has "the kernel's side is null" "$no_kernel"
has "tracing is unavailable, for a reason" \
	's["tracing"]["status"] == "unavailable" and len(s["tracing"]["reason"]) > 10'
has "no way in, no load time and no cost is claimed" \
	'not any(s["tracing"]["how"].values()) and not s["tracing"]["load_ms"] and not s["tracing"]["cost"]'
has "only untraced races are in the order" \
	'{turn["level"] for turn in s["plan"]["order"]} - {"counters"} == {"warmup", "untraced", "latency"}'
one_line "one line on stderr"
like "$err" "^tracebench: not traced: .+" "says that it is not traced"
holds "and gives the session's own reason" python3 -c '
import json, sys
sys.exit(json.load(open(sys.argv[1]))["tracing"]["reason"] not in sys.argv[2])
' "$scratch/.out" "$err"

exits 0 "the table, too" as_ordinary ./tracebench run -d 20ms -r 2
like "$out" "not traced" "says that it is not traced"
unlike "$out" "nan|inf|(null)|-9223372036854775808" "and shows nothing that is no number"

exits 4 "--trace=require is refused with exit code 4" \
	as_ordinary timeout 20 ./tracebench run -d 3600s --trace=require --format=json
one_line "in one line"
like "$err" "^tracebench: --trace=require: .+" "which says what is missing"
nothing_out "and nothing was raced"

exits 4 "doctor --can=trace says so" as_ordinary ./tracebench doctor --can=trace
is "$out$err" "" "silently"
exits 0 "doctor explains it" as_ordinary ./tracebench doctor
like "$out" "-- +BPF: .+" "and what is missing"

exits 0 "--trace=off is no lack" "${run[@]}" --trace=off
is "$err" "" "and nothing is said of it"
has "tracing is off" 's["tracing"]["status"] == "off"'
has "every result is ok" "$everything"
has "and timed and counted" "$measured"
has "and has no kernel side" "$no_kernel"

done_testing
