#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The ways into the kernel can be forced, the session says which were taken, and what the kernel
# refuses is one line.  What they count is tests/kernel/ways' to check.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

# told FILE: what a session says of its ways.
told() {
	python3 -c '
import json, sys
session = json.load(open(sys.argv[1]))
how = session["tracing"]["how"]
checks = [c["what"] for r in session["results"] for c in r["kernel"]["calls"]["reconciled"]["checks"]]
print(session["plan"]["probe"], how["sched"], how["futex"], how["tasks"], "futex calls" in checks, sep=" | ")
' "$1"
}
# Called by name, through holds.
# shellcheck disable=SC2317
brief() { "$TRACEBENCH" turn-futex -d 20ms -r 1 --trace=require -q --format=json -o "$@" >/dev/null; }

exits 2 "a way that there is not is refused" "$TRACEBENCH" --probe=futex=kprobe
one_line "in one line"
exits 2 "two that contradict each other are" "$TRACEBENCH" --probe=storage=hash,storage=task
one_line "in one line"

if ! can_trace; then
	skip "ways that are forced are taken" "$no_trace"
	done_testing
fi

holds "the other ways are taken" \
	brief "$scratch/others.json" --probe=futex=syscall,switch=state-of-task,storage=hash
is "$(told "$scratch/others.json")" \
	"futex=syscall,switch=state-of-task,storage=hash | tp_btf, state of the task | saved registers, tp_btf/sys_exit | hash by pid | False" \
	"and the session says so"

if "$TRACEBENCH" doctor | grep -q '^ok .*fexit: allowed'; then
	holds "fexit is taken by itself" brief "$scratch/fexit.json"
	is "$(told "$scratch/fexit.json")" \
		"None | tp_btf | saved registers, fexit | task storage | True" \
		"and its count of futex calls is checked"
	skip "a way that is refused is an error" "this kernel refuses none"
else
	exits 4 "a way that the kernel refuses is an error" "$TRACEBENCH" mutex --probe=futex=fexit
	one_line "in one line"
	nothing_out "and nothing on stdout"
	like "$err" '--probe: futex=fexit: .* refused \(.+\): give futex=syscall' \
		"what, why, and what to do"
	holds "by itself the other one is taken" brief "$scratch/itself.json"
	is "$(told "$scratch/itself.json")" \
		"None | tp_btf | saved registers, tp_btf/sys_exit | task storage | False" \
		"and the session says so"
fi

# ---- A table that is too small ----

holds "a session with room for one lock is still one" \
	brief "$scratch/tiny.json" --max-locks=1 --wakers=0 -d 50ms
is "$(python3 -c '
import json, sys
s = json.load(open(sys.argv[1]))["results"][0]["kernel"]["sleeps"]
check = [c for c in s["reconciled"]["checks"] if c["what"] == "futex sleeps by word"][0]
print(s["lost"]["locks"] > 0, s["lost"]["maps"] == s["lost"]["locks"], s["reconciled"]["ok"],
      check["agrees"], check["bpf"] + s["lost"]["locks"] == check["other"] == s["futex"]["slept"])
' "$scratch/tiny.json")" "True True True False True" \
	"what is lost is counted by cause, and rows and losses add up to the sum"
like "$("$TRACEBENCH" report "$scratch/tiny.json")" \
	'EVENTS LOST turn-futex \(sleeps\): locks [0-9,]+ \(rows of locks' \
	"and the report says which numbers lack them"

done_testing
