#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Stacks of sleepers and wakers: taken where they are asked for, in repeats of their own.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

judge() { relays python3 "$root/tests/lib/session.py" "$@"; }

brief() {
	local to=$1
	shift
	"$TRACEBENCH" turn-futex pipe sequential -w 2 -d 20ms -r 2 --warmup=0 -q -o "$to" "$@" >/dev/null
}

exits 2 "stacks of what is not traced are refused" brief "$scratch/off.json" --stacks --trace=off
is "$err" "tracebench: --stacks: contradicts --trace: 'off' takes none" "which is said"
exits 0 "unless the wish not to trace is the weaker one" env TRACEBENCH_TRACE=off \
	"$TRACEBENCH" turn-futex -w 2 -d 20ms -r 1 --warmup=0 -q -o "$scratch/off.json" --stacks
judge contract "$scratch/off.json"
if can_trace; then
	holds "then there are some" said "$scratch/off.json" 'all(x["kernel"]["stacks"] for x in r)'
fi

exits 2 "who exports stacks has to ask for them" \
	"$TRACEBENCH" run mutex -d 3600s --export=folded="$scratch/x.folded"
is "$err" "tracebench: --export: 'folded' is made of stacks: record them with \`run --stacks\`" \
	"which is said"

if can_trace; then
	exits 0 "a session with stacks runs" brief "$scratch/stacks.json" --stacks --trace=require
	judge contract "$scratch/stacks.json"
	judge traced "$scratch/stacks.json"
	judge order "$scratch/stacks.json"
	exits 0 "one without them does" brief "$scratch/none.json" --trace=require
	judge contract "$scratch/none.json"
	judge traced "$scratch/none.json"
	holds "the probe has no table of places unless it is asked for stacks" \
		said "$scratch/none.json" \
		'not any(m["name"] in ("places", "samples") for m in s["tracing"]["cost"]["maps"])'
	holds "and then it has" said "$scratch/stacks.json" \
		'any(m["name"] == "places" for m in s["tracing"]["cost"]["maps"])'
	holds "who does not sleep has no stack" said "$scratch/stacks.json" \
		'of("sequential")["kernel"]["stack_pass"]["sleeps"] > 0 or
		 of("sequential")["kernel"]["stacks"] == []'
	holds "most sleeps of a hand-off are where it waits, from the kernel to the thread's start" \
		said "$scratch/stacks.json" '
[s for s in of("turn-futex")["kernel"]["stacks"] if s["kind"] == "sleep"][0]["frames"][0]["object"]
== "[kernel]" and
any(f["file"] and f["file"].endswith("turn_futex.c") and f["line"] for f in
    [s for s in of("turn-futex")["kernel"]["stacks"] if s["kind"] == "sleep"][0]["frames"])
and not [s for s in of("turn-futex")["kernel"]["stacks"] if s["kind"] == "sleep"][0]["truncated"]'
	holds "and are ended where the turn is handed on" said "$scratch/stacks.json" '
any(f["symbol"] == "hand" for f in
    [s for s in of("turn-futex")["kernel"]["stacks"] if s["kind"] == "waker"][0]["frames"])'
	holds "no place in the kernel is told by its address" said "$scratch/stacks.json" '
"0xffff" not in json.dumps(r)'
	# folded FILE: every line is frames and a number, and the numbers are those of the session.
	folded() {
		python3 - "$scratch/stacks.json" "$1" <<-'EOF'
			import json, sys
			want = {}
			for r in json.load(open(sys.argv[1]))["results"]:
			    for s in r["kernel"]["stacks"]:
			        root = ["[wakers]"] if s["kind"] == "waker" else []
			        key = tuple(root + [r["strategy"], r["mode"]])
			        want[key] = want.get(key, 0) + s["ns"]
			got = {}
			for line in open(sys.argv[2], encoding="utf-8"):
			    stack, ns = line.rstrip("\n").rsplit(" ", 1)
			    frames = stack.split(";")
			    assert len(frames) > 2 and all(frames), line
			    key = tuple(frames[:3 if frames[0] == "[wakers]" else 2])
			    got[key] = got.get(key, 0) + int(ns)
			sys.exit(0 if got == want and got else "%r, not %r" % (got, want))
		EOF
	}
	exits 0 "stacks are exported from a session" \
		"$TRACEBENCH" report "$scratch/stacks.json" --export=folded="$scratch/stacks.folded"
	holds "folded, to the nanosecond" folded "$scratch/stacks.folded"
	holds "the kernel's frames are marked, innermost" \
		grep -qE '^turn-futex;threads;.*;[a-z_0-9]+_\[k\] [0-9]+$' "$scratch/stacks.folded"
	exits 0 "and from a run" brief "$scratch/again.json" --stacks --trace=require \
		--export=folded="$scratch/again.folded" --force
	exits 0 "which are those of its session" \
		"$TRACEBENCH" report "$scratch/again.json" --export=folded="$scratch/again2.folded"
	holds "line by line" cmp "$scratch/again.folded" "$scratch/again2.folded"
	exits 1 "a session without has none to export" \
		"$TRACEBENCH" report "$scratch/none.json" --export=folded="$scratch/no.folded"
	is "$err" "tracebench: --export: 'folded' is made of stacks: record them with \`run --stacks\`" \
		"and says how to get them"
	holds "and leaves nothing" [ ! -e "$scratch/no.folded" ]
else
	skip "stacks" "$no_trace"
fi

done_testing
