#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# No verdict says a number that is not in its result, or that the result's own counters do not give.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

# judged OPTION...: the verdicts of a session with these options.
judged() {
	local file=$scratch/session.json
	exits 0 "a session runs with $*" "$TRACEBENCH" run --format=json --mode=both "$@"
	cp "$scratch/.out" "$file"
	relays python3 "$root/tests/lib/session.py" verdict "$file"
}

if ! can_trace; then
	skip "verdicts of traced sessions" "$no_trace"
else
	judged -d 10ms -r 1
	# All that there are of the sentence's other forms: in the run queue, at work alone, in batches.
	judged -d 50ms -r 1 --warmup=0 --pin=pack -w 1,3
	judged -n 10k -r 1 --warmup=0 -b all
fi
judged -d 20ms -r 2 --warmup=0 --trace=off

done_testing
