# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Runs in the background that are ended from outside, and whether they leave processes behind.
# Source it after tap.sh: the current directory is then $scratch, and nothing that was started
# outlives the test.
#
#	$pid		what `background` started last
#	out, err	files: what it wrote

# shellcheck disable=SC2154
cd "$scratch" || exit 1
mark=MARK_OF_THIS_TEST=$$-$RANDOM$RANDOM
# Jobs with groups of their own do not inherit that SIGINT is ignored.
set -m
pid=
# Nothing that was started may outlive this test.
cleanup() {
	marked | xargs -r kill -KILL 2>/dev/null
	rm -rf "$scratch"
}
trap cleanup EXIT

# All processes that descend from what was started: their environment tells.
marked() {
	grep -lsxz -- "$mark" /proc/[0-9]*/environ | cut -d/ -f3
}

# background ARGUMENT...: the program, in the background.
background() {
	env "$mark" "$TRACEBENCH" "$@" >out 2>err </dev/null &
	pid=$!
}

# Polls until the command succeeds, or for 20 s: that it does is a promise of its own.
await() {
	for ((i = 0; i < 400; i++)); do
		if "$@"; then
			return 0
		fi
		if ! kill -0 "$pid" 2>/dev/null; then
			break
		fi
		sleep 0.05
	done
	"$@"
}
# racing N: the command, an arena and all that makes are so many; who stays root to save is none.
racing() { [ "$(marked | xargs -r ps -o comm= -p | grep -cvx tracebench-save)" -ge "$1" ]; }
gone() { [ -z "$(marked)" ]; }
all_gone() {
	for ((i = 0; i < 100; i++)); do
		if gone; then
			return 0
		fi
		sleep 0.05
	done
	marked | xargs -r ps -o pid,ppid,pgid,stat,args -p
	# The next promise must not be about these.
	marked | xargs -r kill -KILL
	return 1
}

# ended STATUS NAME: the run ends so.
ended() {
	local status
	wait "$pid" 2>/dev/null
	status=$?
	is "$status" "$1" "$2"
}
