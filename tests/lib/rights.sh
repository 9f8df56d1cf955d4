# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# The rights of a run and its workers, as the kernel tells them while they race.  Source it after
# session.sh, as root or to skip: the current directory is then $public.

# shellcheck disable=SC2154,SC2034
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
