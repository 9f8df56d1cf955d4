#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Stacks of sleepers and wakers: taken where they are asked for, in repeats of their own.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

judge() { relays python3 "$root/tests/lib/session.py" "$@"; }

brief() {
	local to=$1
	shift
	"$TRACEBENCH" turn-futex pipe sequential -w 2 -d 20ms -r 2 --warmup=0 -q -o "$to" "$@" >/dev/null
}

exits 0 "stacks may be asked for where nothing is traced" brief "$scratch/off.json" --stacks --trace=off
judge contract "$scratch/off.json"
holds "and then there are none" said "$scratch/off.json" 'all(not x["kernel"] for x in r)'

if can_trace; then
	exits 0 "a session with stacks runs" brief "$scratch/stacks.json" --stacks --trace=require
	judge contract "$scratch/stacks.json"
	judge traced "$scratch/stacks.json"
	judge order "$scratch/stacks.json"
	exits 0 "one without them does" brief "$scratch/none.json" --trace=require
	judge contract "$scratch/none.json"
	judge traced "$scratch/none.json"
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
else
	skip "stacks" "$no_trace"
fi

done_testing
