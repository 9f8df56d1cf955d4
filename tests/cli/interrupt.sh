#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# However a session is ended from outside, it says so, keeps what it can, and leaves nothing behind;
# a race whose tasks are killed costs that race alone.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/background.sh"

# start OPTION...: a run in the background.
start() { background run --warmup=0 -r 1 "$@"; }

# The ids of the BPF programs that the run holds.
programs() {
	sed -n 's/^prog_id:[[:space:]]*//p' /proc/"$pid"/fdinfo/* 2>/dev/null | sort -un
}
programs_gone() {
	local id i
	for ((i = 0; i < 100; i++)); do
		for id in $1; do
			if bpftool prog show id "$id" >/dev/null 2>&1; then
				sleep 0.05
				continue 2
			fi
		done
		return 0
	done
	echo "program $id is still loaded"
	return 1
}
# no_programs IDS NAME
no_programs() {
	if ! can_trace; then
		skip "$2" "$no_trace"
	elif ! bpftool prog show >/dev/null 2>&1; then
		skip "$2" "bpftool is not there, or may not look"
	else
		unlike "$1" '^$' "$2: there were some"
		holds "$2" programs_gone "$1"
	fi
}

# has NAME EXPRESSION: true of the session s in the file s.json.
has() {
	holds "$1" python3 -c '
import json, sys
s = json.load(open("s.json"))
sys.exit(0 if eval(" ".join(sys.argv[1].split())) else repr([(r["strategy"], r["status"], r["reason"],
	r["counter"]["final"]) for r in s["results"]]))
' "$2"
}

for signal in INT TERM; do
	rm -f s.json
	start mutex sequential --mode=processes -d 60s -r 1 --warmup=0 --latency=0 --wakers=0 -o s.json
	holds "SIG$signal: it was racing" await racing 3
	ids=$(programs)
	kill "-$signal" "$pid"
	ended 130 "SIG$signal: it ends with 130"
	is "$(grep -vc '^tracebench: not traced: ' err)" 1 "SIG$signal: it says one line"
	like "$(tail -n 1 err)" "^tracebench: interrupted" "SIG$signal: that it was interrupted"
	holds "SIG$signal: no process is left" all_gone
	no_programs "$ids" "SIG$signal: no BPF program is left"
	has "SIG$signal: the session is saved, marked incomplete" 's["complete"] is False'
	has "SIG$signal: what was not raced to its end is not called ok" \
		'not any(r["status"] == "ok" and r["counter"]["final"] is None for r in s["results"])'
	like "$(cat out)" "interrupted|incomplete" "SIG$signal: the table says so"
	exits 0 "SIG$signal: and can be shown again" "$TRACEBENCH" report s.json
	is "$out" "$(cat out)" "SIG$signal: alike"
	is "$(compgen -G '.tracebench*')" "" "SIG$signal: no temporary file is left"
done

# What was complete is kept: the quick one of two, however they are shuffled, in many repeats.
rm -f s.json
start sequential turn-futex -n 1k -r 10000 --trace=off -o s.json
enough() { [ "$(sed -n 's/^voluntary_ctxt_switches:[[:space:]]*//p' "/proc/$pid/status")" -gt 40 ]; }
holds "SIGINT in the middle: it was racing" await enough
kill -INT "$pid"
ended 130 "SIGINT in the middle: it ends with 130"
has "SIGINT in the middle: complete repeats are kept" \
	's["complete"] is False and len(s["results"]) == 2 and all(r["counter"]["lost"] == 0 and
	len(r["time"]["ns_per_op"]["samples"]) > 1 for r in s["results"])'
holds "SIGINT in the middle: no process is left" all_gone

# A second interruption ends it at once, even while it waits for a reader of its output.
mkfifo pipe
exec 7<>pipe
python3 -c 'import fcntl; fcntl.fcntl(7, fcntl.F_SETPIPE_SZ, 4096)' 7<>pipe
env "$mark" "$TRACEBENCH" run mutex --mode=both -w 1,2,3,4 -r 50 -d 3600s --trace=off --format=json \
	>pipe 2>err </dev/null &
pid=$!
holds "a second SIGINT: it was racing" await racing 2
kill -INT "$pid"
said() { grep -q interrupted err && filled; }
# It writes: the pipe is not empty, though nobody has asked for anything.
filled() {
	python3 -c '
import fcntl, sys, termios
sys.exit(fcntl.ioctl(7, termios.FIONREAD, bytes(4)) == bytes(4))' 7<>pipe
}
holds "a second SIGINT: the first one is acknowledged" await said
kill -INT "$pid"
ended 130 "a second SIGINT: ends it"
holds "a second SIGINT: no process is left" all_gone

# When all is measured one interruption is enough to end the wait for a reader, and costs no file.
python3 -c 'import os; os.read(7, 65536)' 7<>pipe
rm -f s.json
env "$mark" "$TRACEBENCH" run mutex --mode=both -w 1,2,3,4 -n 1000 -r 2 --warmup=0 --trace=off \
	--format=json -o s.json >pipe 2>err </dev/null &
pid=$!
holds "SIGINT at the end: it waits for a reader" await filled
kill -INT "$pid"
ended 130 "SIGINT at the end: it ends with 130"
is "$(cat err)" "tracebench: interrupted: standard output did not take all of it" \
	"SIGINT at the end: and says why in one line"
has "SIGINT at the end: the session is saved, and complete" 's["complete"] is True'
holds "SIGINT at the end: no process is left" all_gone
exec 7>&-

for mode in threads processes; do
	start mutex --mode="$mode" -d 3600s
	holds "SIGKILL, $mode: it was racing" await racing "$([ $mode = threads ] && echo 2 || echo 4)"
	ids=$(programs)
	kill -KILL "$pid"
	ended 137 "SIGKILL, $mode: it ends"
	holds "SIGKILL, $mode: arena and workers die, too" all_gone
	no_programs "$ids" "SIGKILL, $mode: no BPF program is left"
done

arena() { pgrep -P "$pid" -x tracebench; }
worker() { pgrep -P "$(arena)" | head -n 1; }

# In so much work sequential is done in no time, and turn-futex not within hours: the race with two
# worker processes is the latter's, whichever goes first.
for victim in arena worker; do
	rm -f s.json
	start sequential turn-futex --mode=processes -n 10M --timeout=3600s -o s.json
	holds "a killed $victim: it was racing" await racing 4
	kill -KILL "$($victim)"
	ended 1 "a killed $victim: the session ends with 1"
	has "a killed $victim: its race has failed" \
		'[r["status"] for r in s["results"]] == ["ok", "failed"] and s["complete"]'
	has "a killed $victim: and the reason names victim and signal" \
		"'SIGKILL' in s['results'][1]['reason'] and '$victim' in s['results'][1]['reason']"
	has "a killed $victim: the other race was run" \
		's["results"][0]["counter"]["final"] == s["results"][0]["counter"]["expected"] > 0'
	like "$(cat out)" "failed.*SIGKILL" "a killed $victim: the table says so"
	holds "a killed $victim: no process is left" all_gone
done

# What the run holds back comes to its tasks all the same.
rm -f s.json
start turn-futex --mode=processes -n 10M --timeout=3600s -o s.json
holds "a worker ended by SIGTERM: it was racing" await racing 4
kill -TERM "$(worker)"
ended 1 "a worker ended by SIGTERM: costs its race"
has "a worker ended by SIGTERM: and the reason names both" \
	"'SIGTERM' in s['results'][0]['reason'] and 'worker' in s['results'][0]['reason']"

# Who started it may have had no interest in its children, and that is inherited.
rm -f s.json
env "$mark" python3 -c '
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
' "$TRACEBENCH" run turn-futex -n 10M -r 1 --warmup=0 --timeout=3600s --trace=off -o s.json >out 2>err </dev/null &
pid=$!
# What python3 is, and how many processes it takes to start it, is none of ours.
has_arena() { [ -n "$(arena)" ]; }
holds "SIGCHLD ignored: it was racing" await has_arena
kill -KILL "$(arena)"
ended 1 "SIGCHLD ignored: a killed arena costs its race"
has "SIGCHLD ignored: and the reason names the signal" "'SIGKILL' in s['results'][0]['reason']"
holds "SIGCHLD ignored: no process is left" all_gone

if [ "$(id -u)" -eq 0 ]; then
	rm -f s.json
	start mutex --mode=processes -d 3600s -o s.json
	holds "a killed saver: it was racing" await racing 4
	kill -KILL "$(pgrep -P "$pid" -x tracebench-save)"
	kill -INT "$pid"
	ended 1 "a killed saver: the run ends with 1"
	like "$(cat err)" "s\.json: cannot be written: the process that was to do it is gone" \
		"a killed saver: and says so"
	like "$(cat out)" "interrupted" "a killed saver: the table is shown all the same"
	is "$(compgen -G 's.json')" "" "a killed saver: no file is left"
	holds "a killed saver: no process is left" all_gone
else
	skip "a killed saver" "only root needs one"
fi

done_testing
