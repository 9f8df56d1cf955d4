#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The rights that root's runs keep, and what sudo's caller can have read and written by one.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/rights.sh"

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

# The experiments, while one of theirs hangs.
hangs() { [ -n "$(arena)" ] && [ "$(line "$(arena)" NoNewPrivs)" = 1 ] && [ "$(line "$(arena)" CapPrm)" = $none ]; }
printf '#!/bin/sh\nexec sleep 3600\n' >sleeper
chmod 755 sleeper
for experiment in "reentry mutex --timeout=3600s" \
	"spawn fork+exec --timeout=3600s --program=$public/sleeper"; do
	what="root, ${experiment%% *}"
	# shellcheck disable=SC2086
	"$TRACEBENCH" $experiment >out 2>err </dev/null &
	pid=$!
	for ((i = 0; i < 400; i++)); do
		if hangs 2>/dev/null; then
			break
		fi
		sleep 0.05
	done
	is "$(rights "$pid")" "$(no_more $tracing 65534)" "$what: what it keeps"
	holds "$what: its arena keeps nothing" hangs
	stop
done

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
exits 1 "sudo: nor is it compared" \
	"${sudo[@]}" "$TRACEBENCH" compare theirs/sudo.json roots/secret
like "$err" "Permission denied" "sudo: and nothing of it is told there"
exits 0 "sudo: the caller's own are compared" \
	"${sudo[@]}" "$TRACEBENCH" compare theirs/sudo.json theirs/sudo.json
mkdir -p "$XDG_CONFIG_HOME/tracebench"
ln -s "$public/roots/secret" "$XDG_CONFIG_HOME/tracebench/config"
exits 2 "root: its own configuration is read" "$TRACEBENCH" run -r 1
like "$err" "precious" "root: and shown where it makes no sense"
exits 0 "sudo: what the environment names is not" "${sudo[@]}" "$TRACEBENCH" run mutex -d 20ms -r 1 \
	--warmup=0 --trace=off
unlike "$err" "precious" "sudo: nor shown"
rm -r "$XDG_CONFIG_HOME"

done_testing
