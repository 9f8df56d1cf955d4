#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The rights of a run and its workers, as the kernel tells them while they race; and what an ordinary
# user gets through a program that has more rights than its user: nothing but traced races.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

if [ "$(id -u)" -ne 0 ]; then
	skip "rights are given up" "only root has them, and can give a program some"
	done_testing
fi
make_public
cd "$public" || exit 1
pid=
cleanup() {
	if [ -n "$pid" ]; then
		kill -KILL "$pid" 2>/dev/null
	fi
	rm -rf "$scratch"
}
trap cleanup EXIT

# The capabilities that tracing takes, as in /proc/PID/status: CAP_BPF and CAP_PERFMON.
none=0000000000000000
tracing=000000c000000000
if ! can_trace; then
	tracing=$none
fi

# line PID NAME: a line of the process's status, with single blanks.
line() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr -s '[:blank:]' ' '
}
# rights PID: all that can be told apart by one who is to have nothing but `capabilities USER`.
rights() {
	local user
	user=$(line "$1" Uid)
	if [ "$(line "$1" CapPrm)" != "$(line "$1" CapEff)" ]; then
		echo -n "permitted $(line "$1" CapPrm) "
	fi
	echo "effective $(line "$1" CapEff), inherited $(line "$1" CapInh) $(line "$1" CapAmb)," \
		"new $(line "$1" NoNewPrivs), user ${user//"${user%% *} "/}"
}
# no_more CAPABILITIES USER: what `rights` says of a process with these and no others.
no_more() { echo "effective $1, inherited $none $none, new 1, user $2"; }

arena() { pgrep -P "$pid" -x tracebench; }
workers() { pgrep -P "$(arena)"; }
saver() { pgrep -P "$pid" -x tracebench-save; }
racing() { [ "$(workers 2>/dev/null | grep -c '')" -eq 2 ]; }

# start COMMAND...: a run that races two processes until it is told to stop; $pid.
start() {
	"$@" mutex --mode=processes -d 3600s -r 1 --warmup=0 >out 2>err </dev/null &
	pid=$!
	for ((i = 0; i < 400; i++)); do
		if racing || ! kill -0 "$pid" 2>/dev/null; then
			break
		fi
		sleep 0.05
	done
	holds "$what: it races" racing
}
# stop: ends it, by way of a TERM, as a background job of a shell may have INT ignored.
stop() {
	kill -TERM "$pid"
	wait "$pid"
	is $? 130 "$what: it can be ended"
	pid=
}
# race_has CAPABILITIES USER: the run itself; its arena and workers have no capability at all.
race_has() {
	local worker
	is "$(rights "$pid")" "$(no_more "$1" "$2")" "$what: what the run keeps"
	is "$(rights "$(arena)")" "$(no_more $none "$2")" "$what: what its arena keeps"
	for worker in $(workers); do
		is "$(rights "$worker")" "$(no_more $none "$2")" "$what: what a worker keeps"
	done
}
# owned USER FILE
owned() { is "$(stat -c %u "$2")" "$1" "$what: the file belongs to user $1"; }

# ---- Root ----

mkdir -m 700 roots
echo '{ "precious": 1' >roots/secret
chmod 600 roots/secret
mkdir -m 755 theirs
chown 4711:4712 theirs

what="root, with a file"
start "$TRACEBENCH" run -o theirs/s.json
race_has $tracing 65534
is "$(line "$pid" Groups)" "" "$what: no group is left"
is "$(line "$pid" CapBnd)" $none "$what: none can be got from a program"
is "$(rights "$(saver)")" "$(no_more 000000000000000a 0)" "$what: who saves may do that alone"
if unshare --ipc true 2>/dev/null; then
	unlike "$(readlink "/proc/$pid/ns/ipc")" "^$(readlink /proc/self/ns/ipc)$" \
		"$what: System V objects and message queues would end with it"
	is "$(readlink "/proc/$(arena)/ns/ipc")" "$(readlink "/proc/$pid/ns/ipc")" \
		"$what: its arena's, too"
else
	skip "$what: System V objects and message queues would end with it" \
		"root may not make namespaces here"
fi
stop
owned 0 theirs/s.json

what="root, without a file"
start "$TRACEBENCH" run
race_has $tracing 65534
is "$(saver)" "" "$what: nobody stays root"
stop

# experiment COMMAND...: has a child by now, and no more rights than a run.
experiment() {
	what="root, $1"
	"$TRACEBENCH" "$@" >out 2>err </dev/null &
	pid=$!
	for ((i = 0; i < 400; i++)); do
		if [ -n "$(arena)" ] || ! kill -0 "$pid" 2>/dev/null; then
			break
		fi
		sleep 0.05
	done
	is "$(rights "$pid")" "$(no_more $tracing 65534)" "$what: what it keeps"
	stop
}
experiment reentry mutex --timeout=3600s
experiment spawn fork -r 1000

what="root, untraced"
start "$TRACEBENCH" run --trace=off
race_has $none 65534
stop

what="root, kept"
start "$TRACEBENCH" run --keep-root -o theirs/kept.json
is "$(line "$pid" Uid)" "0 0 0 0" "$what: the run is root"
is "$(line "$(workers | head -n 1)" Uid)" "0 0 0 0" "$what: and so are its workers"
is "$(saver)" "" "$what: it saves by itself"
stop
owned 0 theirs/kept.json

what="sudo"
sudo=(env SUDO_UID=4711 SUDO_GID=4712 SUDO_USER=somebody)
start "${sudo[@]}" "$TRACEBENCH" run -o theirs/sudo.json
race_has $tracing 4711
is "$(line "$pid" Gid)" "4712 4712 4712 4712" "$what: the group is the caller's"
# Its memory has what set-up read as root. As root one may, so that the test can fail.
for task in "$pid" "$(arena)"; do
	exits 1 "$what: the caller cannot look into process $task" \
		setpriv --reuid=4711 --regid=4712 --clear-groups cat "/proc/$task/environ"
	exits 0 "$what: but root can" cat "/proc/$task/environ"
done
is "$(saver)" "" "$what: nobody stays root"
stop
owned 4711 theirs/sudo.json

# Without the right to change users root is what some containers' root is.
what="root who cannot become another"
bound=(setpriv --bounding-set=-all)
exits 1 "$what: does not race" "${bound[@]}" "$TRACEBENCH" run mutex -d 20ms -r 1 --trace=off
one_line "$what: and is told in one line"
like "$err" "rights cannot be given up: .*--keep-root" "$what: what to do"
exits 0 "$what: can have it so" "${bound[@]}" "$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 \
	--trace=off --keep-root
exits 0 "$what: can read a session" "${bound[@]}" "$TRACEBENCH" report theirs/kept.json

# ---- What is read by way of sudo ----

exits 1 "sudo: a file that its caller may not read is not" \
	"${sudo[@]}" "$TRACEBENCH" report roots/secret
like "$err" "Permission denied" "sudo: and nothing of it is told"
exits 1 "root: its own is read" "$TRACEBENCH" report roots/secret
like "$err" "roots/secret:[0-9]" "root: and said to be malformed"
exits 0 "sudo: the caller's own is read" "${sudo[@]}" "$TRACEBENCH" report theirs/sudo.json
mkdir -p "$XDG_CONFIG_HOME/tracebench"
ln -s "$public/roots/secret" "$XDG_CONFIG_HOME/tracebench/config"
exits 2 "root: its own configuration is read" "$TRACEBENCH" run -r 1
like "$err" "precious" "root: and shown where it makes no sense"
exits 0 "sudo: what the environment names is not" "${sudo[@]}" "$TRACEBENCH" run mutex -d 20ms -r 1 \
	--warmup=0 --trace=off
unlike "$err" "precious" "sudo: nor shown"
rm -r "$XDG_CONFIG_HOME"

# ---- A program file with rights ----

# How an ordinary user starts something, in a directory of his own. No shell stays in between.
mkdir mine
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
