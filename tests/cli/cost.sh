#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What tracing costs here, measured on request; and who may not trace is told why there is nothing.

# shellcheck disable=SC2016,SC2001
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

make_public

# Whether this process may have the kernel keep statistics: CAP_SYS_ADMIN is bit 21.
may_clock() {
	local effective
	effective=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
	[ $(((0x$effective >> 21) & 1)) -eq 1 ]
}

# table TITLE: the table on stdout that begins with this title, down to the next empty line.
table() { sed -n "/^$1 /,/^\$/p" "$scratch/.out" | tail -n +2; }

# positive NAME COLUMN TABLE: every row has a number above 0 in that column from the right.
positive() {
	holds "$1" awk -v column="$2" '
		NF { value = $(NF + 1 - column); gsub(/[,x]/, "", value); n++ }
		NF && !(value + 0 > 0) { print "no number: " $0; bad = 1 }
		END { exit bad || !n }' <<<"$3"
}

if can_trace; then
	exits 0 "doctor --cost measures" "$TRACEBENCH" doctor --cost
	is "$err" "" "without a word on stderr"
	rows=$(table TRACED | sed '/^$/d')
	is "$(sed 's/  *[0-9].*//' <<<"$rows")" \
		"$(printf '%s\n' untraced "sleeps, empty programs" sleeps "calls, empty programs" calls wakers)" \
		"empty programs and the real ones, at each level"
	positive "the untraced time is a number" 3 "$(head -n 1 <<<"$rows")"
	positive "the others are" 3 "$(tail -n +2 <<<"$rows")"
	positive "and so is what they are of the untraced" 2 "$(tail -n +2 <<<"$rows")"
	holds "each with its interval, which is in order" awk '
		NR > 1 { split($NF, ends, "-"); if (!(ends[1] > 0 && ends[1] <= ends[2])) bad = 1; n++ }
		END { exit bad || n != 5 }' <<<"$rows"
	positive "maps take memory" 1 "$(table MAP | sed '/^$/d')"
	like "$out" "loaded in [0-9.,]+ ms, attached to a race in [0-9.,]+ ms and detached in [0-9.,]+ ms" \
		"loading and attaching take time"
	if may_clock; then
		positive "runs of the programs are clocked" 1 \
			"$(table PROGRAM | grep -E 'sched_switch|sched_wakeup|sys_enter|sys_exit')"
		unlike "$out" "not clocked" "and nothing says that they are not"
	else
		like "$out" "not clocked: .*CAP_SYS_ADMIN" "runs of the programs take a right, which is named"
	fi
	unlike "$out" "nan|inf|-9223372036854775808" "nothing is shown that is no number"
else
	skip "doctor --cost" "$no_trace"
fi

if as_ordinary ./tracebench doctor --can=trace 2>/dev/null; then
	skip "without rights" "an ordinary user can trace here"
else
	exits 4 "without rights, doctor --cost measures nothing" as_ordinary ./tracebench doctor --cost
	one_line "in one line"
	like "$err" "^tracebench: --cost: .+" "which says why"
	nothing_out "and shows nothing"
fi

done_testing
