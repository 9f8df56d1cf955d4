#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A run starts at the moment that it is told to, and not before; what that moment was is in its
# session. While it waits it can be ended.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/background.sh"

# race OPTION...: the least there is.
race() {
	"$TRACEBENCH" run mutex --trace=off -d 20ms -r 1 --warmup=0 --latency=0 "$@"
}

refused() {
	exits 2 "$1: refused" race "--start-at=$2"
	one_line "$1: in one line"
	like "$err" "^tracebench: --start-at: $3" "$1: which says why"
	nothing_out "$1: nothing is raced"
}
refused "a moment that is past" 2020-01-31T12:00:00Z \
	"2020-01-31T12:00:00Z is past, now is 20.*Z: give a moment to come, or /10s"
refused "no moment" tomorrow "'tomorrow' is neither a moment, such as .*Z or @.*, nor a period .* /10s"
refused "a day that there is not" 2099-02-30T12:00:00Z "'2099-02-30T12:00:00Z' is neither"
refused "a period without a unit" /10 "'/10' is neither"

# waited EXPRESSION NAME: of the start in s.json, and of s, the session.
waited() {
	holds "$2" said s.json "(lambda start: $1)(p['start'])"
}

before=$(date +%s%N)
exits 0 "a run starts at the next multiple of a period" race --start-at=/2s -o s.json
is "$err" "" "and says nothing where there is no terminal"
waited "start['due_ns'] % 2000000000 == 0 and start['period_ns'] == 2000000000" \
	"the moment is a multiple of the period since the epoch"
waited "start['due_ns'] > $before" "the next one"
waited "start['began_ns'] >= start['due_ns']" "it does not start before that"
waited "s['started'] >= __import__('time').strftime('%Y-%m-%dT%H:%M:%SZ',
	__import__('time').gmtime(start['due_ns'] // 10**9))" "nor does the session"
exits 0 "what is saved can be read again" "$TRACEBENCH" report --format=json s.json
holds "with the start in it, to the byte" cmp "$scratch/.out" s.json

rm s.json
soon=$(($(date +%s) + 3))
exits 0 "a run starts at a moment that is named" race "--start-at=@$soon" -o s.json
waited "start == {'period_ns': None, 'due_ns': $soon * 10**9, 'began_ns': start['began_ns']}
	and start['began_ns'] >= start['due_ns']" "at that one, and not before"
exits 0 "without the option there is nothing of it in the file" race --force -o s.json
holds "no key at all" said s.json "'start' not in p"

# What is waited for is said on a terminal, and Ctrl-C there is the end of it.
terminal() {
	python3 - "$@" <<-'EOF'
		import os, pty, select, sys
		pid, fd = pty.fork()
		if pid == 0:
		    os.environ["TERM"] = "xterm"
		    os.execv(sys.argv[1], sys.argv[1:])
		said, asked = b"", False
		while True:
		    try:
		        part = os.read(fd, 4096)
		    except OSError:
		        break
		    if not part:
		        break
		    said += part
		    if b"waits for" in said and not asked:
		        os.write(fd, b"\x03")
		        asked = True
		sys.stdout.write(said.decode(errors="replace"))
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
}
exits 130 "Ctrl-C ends the wait" terminal "$TRACEBENCH" run mutex --trace=off --start-at=2099-01-31T12:00:00Z
like "$out" "tracebench: waits for 2099-01-31T12:00:00Z, [0-9.]+ s from now" \
	"a terminal is told what is waited for"
like "$out" "interrupted: nothing was measured yet" "and that nothing was measured"

# waiting: it is in poll(), with a timer.
waiting() { grep -qs clockid "/proc/$pid"/fdinfo/*; }
for signal in INT TERM; do
	rm -f s.json
	background run mutex --trace=off --start-at=2099-01-31T12:00:00Z -o s.json
	holds "SIG$signal: it waits" await waiting
	kill "-$signal" "$pid"
	ended 130 "SIG$signal: the wait ends with 130"
	is "$(cat err)" "tracebench: interrupted: nothing was measured yet" "SIG$signal: it says so"
	is "$(wc -c <out)" 0 "SIG$signal: nothing is shown"
	holds "SIG$signal: no process is left" all_gone
	holds "SIG$signal: nothing is saved" test ! -e s.json
done

done_testing
