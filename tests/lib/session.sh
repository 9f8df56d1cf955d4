# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# What tests of whole sessions share.  Source it after tap.sh: from then on no
# option, colour or caller of sudo comes from outside.  Latency and wakers are
# looked at in one repeat each and not in three: four races of ten, in most
# sessions here, that would show nothing more.
#
#	$public		a directory in $scratch that every user may read and write,
#			with a copy of the program in it, $public/tracebench

for name in $(compgen -e TRACEBENCH_) NO_COLOR FORCE_COLOR SUDO_UID SUDO_GID; do
	unset "$name"
done
export TRACEBENCH_LATENCY=1 TRACEBENCH_WAKERS=1
# shellcheck disable=SC2154
export HOME=$scratch XDG_CONFIG_HOME=$scratch/config

# can_trace: whether this machine and this user can; asked once.
can_trace() {
	if [ -z "${can_trace_answer-}" ]; then
		"$TRACEBENCH" doctor --can=trace >/dev/null 2>&1
		can_trace_answer=$?
	fi
	[ "$can_trace_answer" -eq 0 ]
}
# shellcheck disable=SC2034
no_trace="bpf: doctor --can=trace says no"

# relays COMMAND...: the command prints lines "pass|fail|skip", name and detail, with tabs between
# them.  Each line is a promise; so is that the command ends well, and that it prints any.
relays() {
	local verdict promise detail n=0 status
	"$@" >"$scratch/.relayed" 2>"$scratch/.relayed-err" </dev/null
	status=$?
	while IFS=$'\t' read -r verdict promise detail; do
		n=$((n + 1))
		case $verdict in
		pass) ok "$promise" ;;
		skip) skip "$promise" "$detail" ;;
		*) not_ok "$promise" "$detail" ;;
		esac
	done <"$scratch/.relayed"
	if [ $n -eq 0 ] || [ $status -ne 0 ]; then
		not_ok "the checks run to their end" "$*: exit status $status, $n checks"$'\n'"$(
			tail -n 5 "$scratch/.relayed-err"
		)"
	fi
}

# said FILE EXPRESSION: what the expression in Python says of the session in FILE holds.  It sees s, the
# session; p, its plan; r, its results; of(NAME), the result of a strategy that has one; and
# rows(NAME, KEY...), these values of all results of a strategy.
said() {
	python3 -c '
import json, math, sys
s = json.load(open(sys.argv[1]))
p, r = s["plan"], s["results"]
def of(name):
    [result] = [x for x in r if x["strategy"] == name]
    return result
def rows(name, *keys):
    return [tuple(x[key] for key in keys) for x in r if x["strategy"] == name]
if not eval("(" + sys.argv[2] + ")"):
    sys.exit(repr([p, [{k: v for k, v in x.items() if k not in ("conditions", "kernel")} for x in r]])[:4000])
' "$@"
}

# one_line NAME: the last `exits` put exactly one line on stderr.
# shellcheck disable=SC2154
one_line() {
	is "$(grep -c '' "$scratch/.err")" 1 "$1"
}

# nothing_out NAME: and nothing on stdout.
nothing_out() {
	is "$(wc -c <"$scratch/.out")" 0 "$1"
}

public=$scratch/public
# make_public: prepares $public.
make_public() {
	mkdir -p "$public"
	chmod 711 "$scratch"
	chmod 1777 "$public"
	cp "$TRACEBENCH" "$public/tracebench"
	chmod 755 "$public/tracebench"
}

# as_ordinary COMMAND...: as a user without any rights: nobody, when root runs the tests.
as_ordinary() {
	local prefix=()
	if [ "$(id -u)" -eq 0 ]; then
		prefix=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	fi
	(cd "$public" && HOME=$public XDG_CONFIG_HOME=$public/config exec "${prefix[@]}" "$@")
}
