#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# report CAPTURE --export=perfetto=FILE makes traces that hold what the format asks for, from whole
# captures and from damaged ones.  Captures are made up by tests/lib/captures.py, a second writer of the
# format; traces are decoded by another protobuf library than the one that wrote them.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

lib=$(cd "$(dirname "$0")/../lib" && pwd)
proto=$(cd "$(dirname "$0")/../../user/perfetto" && pwd)
cd "$scratch" || exit 1
mkdir pb
holds "protoc reads our .proto" protoc --python_out=pb --proto_path="$proto" trace.proto
export PERFETTO_PB=$scratch/pb

# made NAME OPTION...: NAME.capture, what a session would say of it, and its trace.
made() {
	local name=$1
	shift
	holds "$name: a capture is made up" python3 "$lib/captures.py" "$name.capture" "$name.json" "$@"
	exits "${code:-0}" "$name: is exported" \
		"$TRACEBENCH" report "$name.capture" --export=perfetto="$name.pftrace" --force
	nothing_out "$name: in silence on stdout"
	relays "$lib/perfetto.py" valid "$name.pftrace"
}

made two races=3 rounds=300 seed=1
is "$err" "" "a whole capture: nothing is said"
relays "$lib/perfetto.py" same two.pftrace two.json
relays "$lib/perfetto.py" has two.pftrace processes=3 threads=6 "named:worker 0=3" \
	"flows>=500" "slices>=1000" "counters>=9" "wakings=900" "gaps>=1" \
	"called:turn-futex, threads, 2 workers, repeat 0=3" "called:racing=3" \
	"called:timed window=6" "called:asleep: futex race+0x40 €>=500" \
	"called:FUTEX_WAKE race+0x40 €>=500" "called:waits for kernel mutex 0xabc>=10" \
	"called:wakes worker 1>=200" "called:woken by worker 0>=200"

made one races=2 rounds=300 cpus=1 seed=2
relays "$lib/perfetto.py" same one.pftrace one.json
made hidden races=2 rounds=500 hide=3 seed=3
is "$err" "" "switches that were recovered are not missing"
relays "$lib/perfetto.py" same hidden.pftrace hidden.json
made bytes rounds=20 comm=ff0a1b5b416d69c3a9 seed=4

# Whatever the events, the trace is valid: they are checked one by one, and may contradict each other.
for seed in 5 6 7; do
	made "anything $seed" any=1 rounds=1500 races=3 seed=$seed
	like "$err" "warning: .*: [0-9]+ switches of the races' own tasks are not in it" \
		"anything $seed: what is missing is counted"
	code=1 made "anything $seed, cut off" any=1 rounds=1500 races=2 end=0 seed=$seed
done

# A capture that was cut off: the trace has what came before, and the exit code says so.
whole=$(wc -c <two.capture)
for at in 600 4000 $((whole / 3)) $((whole * 3 / 5)) $((whole - 30)); do
	head -c "$at" two.capture >cut.capture
	exits 1 "cut at $at: is exported, and fails" \
		"$TRACEBENCH" report cut.capture --export=perfetto=cut.pftrace --force
	one_line "cut at $at: in one line"
	like "$err" "^tracebench: cut\.capture: is (damaged at byte [0-9]+: .*|incomplete: .*)" \
		"cut at $at: which says where"
	relays "$lib/perfetto.py" valid cut.pftrace
done

flip() {
	python3 - "$1" "$2" <<-'END'
		import sys
		data = bytearray(open("two.capture", "rb").read())
		data[int(sys.argv[1])] ^= 4
		open(sys.argv[2], "wb").write(data)
	END
}
holds "a bit is flipped" flip $((whole * 2 / 3)) flipped.capture
exits 1 "a flipped bit: is exported up to there, and fails" \
	"$TRACEBENCH" report flipped.capture --export=perfetto=flipped.pftrace
like "$err" "is damaged at byte [0-9]+: the sum of a block is wrong\. Read up to there: [23] races" \
	"a flipped bit: says where"
relays "$lib/perfetto.py" valid flipped.pftrace

# peak ROUNDS: the most memory, in KiB, that exporting a capture of so many takes.
peak() {
	python3 "$lib/captures.py" long.capture long.json "rounds=$1" hide=20 &&
		python3 - "$TRACEBENCH" <<-'END'
			import os, sys
			pid = os.posix_spawn(sys.argv[1], [sys.argv[1], "report", "long.capture", "--force",
			                                   "--export=perfetto=long.pftrace"], os.environ)
			_, status, usage = os.wait4(pid, 0)
			print(-1 if status else usage.ru_maxrss)
		END
}
few=$(peak 500)
many=$(peak 20000)
holds "both were exported" test "$few" -gt 0 -a "$many" -gt 0
holds "forty times as many events take no more memory ($few and $many KiB)" \
	test "$((many - few))" -lt 4096

# refused CODE NAME REGEX COMMAND...: one line that matches, and no file.
refused() {
	local code=$1 name=$2 regex=$3
	shift 3
	exits "$code" "$name: refused" "$@"
	one_line "$name: in one line"
	like "$err" "^tracebench: $regex" "$name: which says why"
	holds "$name: there is no file" test ! -e none
}
head -c 10 two.capture >short.capture
refused 1 "a header cut off" "short\.capture: " "$TRACEBENCH" report short.capture --export=perfetto=none
refused 2 "a capture to be shown" "two\.capture: is a capture" "$TRACEBENCH" report two.capture
refused 2 "a table of a capture" "--export: 'json' is made of a session" \
	"$TRACEBENCH" report two.capture --export=json=none
exits 0 "a session is saved" "$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 --trace=off -o s.json
refused 2 "a trace of a session" "--export: 'perfetto' is made of a timeline" \
	"$TRACEBENCH" report s.json --export=perfetto=none
from_pipe() { tail -c +1 two.capture | "$TRACEBENCH" report - --export=perfetto=none; }
refused 2 "a capture through a pipe" "" from_pipe
from_file() { "$TRACEBENCH" report - --export=perfetto=stdin.pftrace <two.capture; }
exits 0 "standard input may be the file" from_file
holds "and gives the same trace" cmp two.pftrace stdin.pftrace
to_stdout() { "$TRACEBENCH" report two.capture --export=perfetto=- >stdout.pftrace; }
exits 0 "the trace may go to standard output" to_stdout
holds "where it is the same" cmp two.pftrace stdout.pftrace
refused 1 "what exists" "two\.pftrace: exists" \
	"$TRACEBENCH" report two.capture --export=perfetto=two.pftrace

# What the kernel showed: the trace alone says of each worker what the session does.
if can_trace; then
	for pin in spread pack; do
		exits 0 "a timeline is recorded ($pin)" "$TRACEBENCH" run turn-futex pipe queue mutex \
			-d 20ms -r 1 --warmup=0 --pin=$pin --mode=both --timeline=real.capture -o real.json \
			--force
		exits 0 "and exported ($pin)" \
			"$TRACEBENCH" report real.capture --export=perfetto=real.pftrace --force
		relays "$lib/perfetto.py" valid real.pftrace
		relays "$lib/perfetto.py" same real.pftrace real.json
		relays "$lib/perfetto.py" has real.pftrace "flows>=20" "wakings>=20" "called:racing=8"
	done
else
	skip "a timeline is recorded and exported" "$no_trace"
fi

done_testing
