#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Warnings that can be provoked for real: each is there when its cause is, says what to do, changes
# no exit code and no other word of a machine's format. tests/unit/test_warnings.c has all of them.
#
# Functions are called by name, through exits and a trap.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

hog='' group=''
clean_up() {
	if [ -n "$hog" ]; then kill "$hog"; fi
	if [ -n "$group" ]; then rmdir "$group"; fi
	rm -rf "$scratch"
}
trap clean_up EXIT

# warned FILE: the kinds of the warnings in a session, each once, with the strategies that they are
# about: "few: overlap:atomic,mutex".
warned() {
	python3 -c '
import json, sys
session = json.load(open(sys.argv[1]))
kinds = {}
for warning in session["warnings"]:
    about = warning["result"]
    kinds.setdefault(warning["kind"], set()).add(
        "" if about is None else session["results"][about]["strategy"])
print(" ".join("%s:%s" % (kind, ",".join(sorted(about))) for kind, about in kinds.items()))' "$1"
}

run=("$TRACEBENCH" run --trace=off --warmup=0 --seed=1 -w 2)
file=$scratch/session.json

exits 0 "fixed work of few microseconds is raced" "${run[@]}" -n 200 -r 2 -o "$file" atomic mutex
like "$out" "warning: of 2 repeats the interval" "two repeats are too few, the table says"
like "$(tr -s ' \n' ' ' <<<"$out")" "race 6 or more \(--repeats\)" "and how many are enough"
like "$out" "warning: (atomic|mutex): all workers raced side by side in" \
	"it says that the workers hardly overlapped"
like "$(tr -s ' \n' ' ' <<<"$out")" "race for a time \(--duration\)" "and what to do"
like "$(warned "$file")" "few:.*overlap:.*(atomic|mutex)" "both are in the session file"

exits 0 "the file is shown" "$TRACEBENCH" report "$file"
like "$out" "warning: of 2 repeats the interval" "the warning is part of it"
exits 0 "-q" "${run[@]}" -q -d 20ms -r 2 atomic
like "$out" "warning: of 2 repeats" "-q keeps it: it is part of the table"
is "$err" "" "and is silent besides"
exits 0 "JSON" "${run[@]}" -d 20ms -r 2 --format=json atomic
holds "nothing but JSON is on stdout" python3 -m json.tool "$scratch/.out" /dev/null

exits 0 "races of 20 ms, six times" "${run[@]}" -d 20ms -r 6 --format=json atomic
unlike "$(warned "$scratch/.out")" "few|placement|throttled|clock" \
	"no warning of what is not so: too few, unpinned, throttled, a bad clock"

if [ "$(nproc)" -lt 2 ]; then
	skip "unpinned tasks on one of several CPUs" "this machine has one"
else
	cpu=$(taskset -cp $$ | sed 's/.*: //; s/[,-].*//')
	exits 0 "unpinned, and allowed on one CPU alone" \
		taskset -c "$cpu" "${run[@]}" -d 20ms -r 6 --pin=none -o "$scratch/one.json" atomic
	like "$(warned "$scratch/one.json")" "placement:atomic" "tasks that shared a CPU are told"
	like "$(tr -s ' \n' ' ' <<<"$out")" \
		"atomic: tasks started on one CPU in 6 of 6 repeats.*--pin=spread" "with the cure"
fi

# make_group: a control group of a fifth of a CPU, in $group; either version.
make_group() {
	local mount type options
	while read -r _ mount type options _; do
		group=$mount/tracebench-test-$$
		case $type,$options in
		cgroup2,*)
			if grep -qsw cpu "$mount/cgroup.subtree_control" && mkdir "$group"; then
				echo "20000 100000" >"$group/cpu.max" && return 0
				rmdir "$group"
			fi
			;;
		cgroup,*,cpu | cgroup,*,cpu,*)
			if mkdir "$group"; then
				echo 20000 >"$group/cpu.cfs_quota_us" && return 0
				rmdir "$group"
			fi
			;;
		esac
	done </proc/self/mounts
	group=''
	return 1
}

# Both processes are ended, and the group empty, when it returns.
in_group() {
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' bash "$group" "$@"
}

if make_group 2>/dev/null; then
	exits 0 "with a fifth of a CPU" in_group "${run[@]}" -d 100ms -r 6 -o "$scratch/slow.json" atomic
	like "$(warned "$scratch/slow.json")" "throttled:" "a quota that throttled is told"
	like "$(tr -s ' \n' ' ' <<<"$out")" "CPU quota of 0.20? CPUs held tasks back in [1-6] of 6" \
		"with the quota, and in how many repeats"
else
	skip "a quota that throttled is told" "no control group with a quota can be made here"
fi

if [ "$(nproc)" -lt 2 ]; then
	skip "a busy neighbour is told" "this machine has one CPU"
elif ! can_trace; then
	skip "a busy neighbour is told" "$no_trace"
else
	taskset -c "$cpu" bash -c 'while :; do :; done' &
	hog=$!
	exits 0 "beside something that never rests" "$TRACEBENCH" run --seed=1 --warmup=0 -w 2 -d 100ms \
		-r 6 --detail=sleeps -o "$scratch/busy.json" atomic
	kill "$hog"
	hog=''
	like "$(warned "$scratch/busy.json")" "neighbour:atomic" "a busy neighbour is told"
	like "$(tr -s ' \n' ' ' <<<"$out")" "atomic: tasks waited for CPUs of their own [0-9.]+ %" \
		"and what it cost"
fi
done_testing
