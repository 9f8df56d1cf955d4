#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What an ordinary user gets through a program file that has more rights than its user, be it file
# capabilities or a set-user-ID bit: nothing but traced races.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/rights.sh"

# How an ordinary user starts something, in a directory of his own. No shell stays in between.
mkdir mine
mkdir -m 700 roots
chown 65534:65534 mine
mine=(setpriv --reuid=65534 --regid=65534 --clear-groups env -C "$public/mine"
	HOME="$public" XDG_CONFIG_HOME="$public/config")

# no_more_than_the_user: whatever the program file's rights are, files are the user's own business.
no_more_than_the_user() {
	local run=("$program" run mutex -d 20ms -r 1 --warmup=0 --trace=off)
	rm -rf mine/* config
	exits 0 "$what: a session is saved" "${mine[@]}" "${run[@]}" -o own.json
	owned 65534 mine/own.json
	echo precious >precious
	chmod 600 precious
	ln -s "$public/precious" mine/link
	ln -s "$public/roots" mine/directory
	exits 1 "$what: a link is not followed" "${mine[@]}" "${run[@]}" -o link --force
	like "$err" "symbolic link" "$what: which is said"
	exits 1 "$what: nor one in the path, to where the user may not go" \
		"${mine[@]}" "${run[@]}" -o directory/s.json
	exits 1 "$what: another's file is not overwritten" "${mine[@]}" "${run[@]}" -o ../precious --force
	exits 1 "$what: nor read" "${mine[@]}" "$program" report ../precious
	like "$err" "Permission denied" "$what: which is said"
	unlike "$err" "precious:[0-9]" "$what: and nothing else of it"
	is "$(cat precious)" precious "$what: it is as it was"
	mkdir -p config/tracebench
	ln -s "$public/precious" config/tracebench/config
	exits 0 "$what: as options, too" "${mine[@]}" "${run[@]}"
	unlike "$err" "precious" "$what: it is not read"
	exits 0 "$what: nor with a word from sudo that nobody gave" \
		"${mine[@]}" SUDO_UID=0 SUDO_GID=0 "${run[@]}" -o sudo.json
	owned 65534 mine/sudo.json
	rm -rf config
}

# A shared object that hwloc would load, from where the environment says, and that tells of it.
cat >plugin.c <<'EOC'
#include <stdio.h>
static __attribute__((constructor)) void tell(void)
{
	fputs("PLUGIN LOADED\n", stderr);
}
EOC
have_plugin=false
if "${CC:-cc}" -shared -fPIC -o hwloc_of_ours.so plugin.c 2>/dev/null; then
	have_plugin=true
fi
chmod 755 hwloc_of_ours.so

# libraries_are_not_led_astray: they obey the environment of who has no more rights than the caller.
libraries_are_not_led_astray() {
	exits 0 "$what: a library is not told of another machine" \
		"${mine[@]}" HWLOC_SYNTHETIC='pack:7 core:3 pu:2' "$program" doctor
	unlike "$out" "7 packages" "$what: it finds this one"
	if $have_plugin; then
		exits 0 "$what: a library is not told what to load" \
			"${mine[@]}" HWLOC_PLUGINS_PATH="$public" "$program" doctor
		unlike "$err" "PLUGIN LOADED" "$what: nor does it"
	else
		skip "$what: a library is not told what to load" "no compiler for a shared object"
	fi
}

what="an ordinary program file"
program=$public/tracebench
no_more_than_the_user
exits 0 "$what: a library may be told of another machine" \
	"${mine[@]}" HWLOC_SYNTHETIC='pack:7 core:3 pu:2' "$program" doctor
like "$out" "7 packages" "$what: as the next tests expect"
if $have_plugin; then
	exits 0 "$what: and what to load" "${mine[@]}" HWLOC_PLUGINS_PATH="$public" "$program" doctor
	like "$err" "PLUGIN LOADED" "$what: as the next tests expect"
fi

# file_capabilities_work: whether a program file can have any here, found out with another program.
file_capabilities_work() {
	cp "$(command -v cat)" cat && setcap cap_bpf,cap_perfmon=ep cat &&
		[ "$("${mine[@]}" "$public/cat" /proc/self/status | sed -n 's/^CapEff:[[:space:]]*//p')" = \
			000000c000000000 ]
}

what="file capabilities"
if ! file_capabilities_work 2>err; then
	skip "$what" "a file here cannot have any: $(head -n 1 err)"
elif ! can_trace; then
	skip "$what" "$no_trace"
else
	program=$public/capable/tracebench
	mkdir capable
	cp "$TRACEBENCH" "$program"
	chmod 755 "$program"
	setcap cap_bpf,cap_perfmon=ep "$program"
	exits 0 "$what: doctor can trace" "${mine[@]}" "$program" doctor --can=trace
	exits 0 "$what: a run is traced" "${mine[@]}" "$program" run mutex turn-futex -d 50ms -r 2 --warmup=0 \
		--trace=require --format=json
	cp "$scratch/.out" traced.json
	holds "$what: and reconciled" python3 -c '
import json
s = json.load(open("traced.json"))
sleeps = [r["kernel"]["sleeps"] for r in s["results"]]
assert s["tracing"]["status"] == "on" and len(sleeps) == 2
assert all(level["reconciled"]["ok"] and level["switches"]["voluntary"] for level in sleeps), sleeps'
	holds "$what: what its programs take needs a right more, which is named" python3 -c '
import json
cost = json.load(open("traced.json"))["tracing"]["cost"]
assert "CAP_SYS_ADMIN" in cost["reason"] and cost["programs"] == [], cost
assert cost["maps_bytes"] > 0 and cost["attach_ms"] > 0, cost'
	start "${mine[@]}" "$program" run
	race_has $tracing 65534
	# The program's own rights are no reason for its user to look into it.
	exits 1 "$what: its user cannot look into it" "${mine[@]}" cat "/proc/$pid/environ"
	stop
	start "${mine[@]}" "$program" run --trace=off
	race_has $none 65534
	stop
	start "${mine[@]}" "$program" run --keep-root
	race_has $tracing 65534
	stop
	no_more_than_the_user
	libraries_are_not_led_astray

	what="file capabilities, with one for later"
	setcap cap_bpf,cap_perfmon,cap_syslog=ep "$program"
	start "${mine[@]}" "$program" run --trace=require
	race_has $tracing 65534
	stop
	setcap -r "$program"
fi

# Nobody should, but it can be done to any program.
what="a set-user-ID bit"
program=$public/bit/tracebench
mkdir bit
cp "$TRACEBENCH" "$program"
chmod 4755 "$program"
if cp "$(command -v id)" id && chmod 4755 id && [ "$("${mine[@]}" "$public/id" -u)" = 0 ]; then
	start "${mine[@]}" "$program" run
	race_has $tracing 65534
	is "$(saver)" "" "$what: nobody stays root"
	stop
	no_more_than_the_user
	libraries_are_not_led_astray
else
	skip "$what" "one does not count here"
fi

done_testing
