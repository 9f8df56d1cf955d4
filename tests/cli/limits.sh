#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Too few descriptors, processes or too little memory: the program ends by itself, says in one line
# or in the result what it lacked, and races whatever still can be raced.
. "$(dirname "$0")/../lib/tap.sh"
# The leak check of a sanitized build needs a process and memory of its own.
export ASAN_OPTIONS=detect_leaks=0
. "$(dirname "$0")/../lib/session.sh"

# Its exit status, how many results are ok, and the reasons of those that failed.
cat >"$scratch/judge.py" <<'EOF'
import json, re, sys
code, out, err = int(sys.argv[1]), sys.argv[2], open(sys.argv[3], errors="replace").read()
reasons, n_ok = set(), 0
try:
    results = json.load(open(out))["results"]
except ValueError:
    results = None
else:
    n_ok = sum(r["status"] == "ok" for r in results)
    reasons = {r["reason"] for r in results if r["status"] != "ok"}
problems = []
if code not in (0, 1, 2):
    problems.append("it exits with %d" % code)
if err.count("\n") > 1:
    problems.append("%d lines on stderr, such as: %s" % (err.count("\n"), err.split("\n")[0]))
if results is None and (code == 0 or err.count("\n") != 1):
    problems.append("no session, and no line that says why")
if None in reasons or "" in reasons:
    problems.append("a result failed without a reason")
if results and (code == 0) != (not reasons):
    problems.append("it exits with %d, and reasons are %r" % (code, reasons))
print(n_ok, "; ".join(problems), "; ".join(filter(None, reasons)), sep="\t")
EOF

# limited VALUE... : runs "${command[@]}" with each as $limit; judges that all end well, that a
# value names $names in a failed result, and that another one lets some be raced.
limited() {
	local value code line problems='' named=false raced=false n_ok problem reasons
	for value in "$@"; do
		# shellcheck disable=SC2016
		timeout -k 5 20 "${as[@]}" bash -c 'ulimit "$1" "$2" && shift 2 && exec "$@"' bash \
			"$limit" "$value" "${command[@]}" >"$scratch/.out" 2>"$scratch/.err" </dev/null
		code=$?
		line=$(python3 "$scratch/judge.py" "$code" "$scratch/.out" "$scratch/.err")
		n_ok=${line%%$'\t'*} problem=${line#*$'\t'}
		reasons=${problem#*$'\t'} problem=${problem%%$'\t'*}
		if [ -n "$problem" ]; then
			problems+="ulimit $limit $value: $problem"$'\n'
		fi
		if [[ $reasons == *"$names"* ]]; then named=true; fi
		if [ "$n_ok" -gt 0 ]; then raced=true; fi
	done
	is "$problems" "" "ulimit $limit $*${about:+, $about}: it ends by itself, and says in one line what is wrong"
	is "$named" true "ulimit $limit${about:+, $about}: a failed result names the limit"
	is "$raced" true "ulimit $limit${about:+, $about}: with enough of it, races are run"
}

as=()
races=(mutex pipe --mode=both -d 20ms -r 1 --warmup=0 --format=json)

limit=-n names='ulimit -n' about='not traced'
command=("$TRACEBENCH" run "${races[@]}" --trace=off)
limited 4 5 6 7 10 20
about='traced if possible'
command=("$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 --format=json)
limited 4 7 10 14 16 18 20 40

# Who could trace but for the limit does not lack rights.
if can_trace; then
	blamed=''
	for value in 7 13; do
		said=$(ulimit -n $value && "$TRACEBENCH" run mutex -d 20ms -r 1 2>&1 >/dev/null)
		if [[ $said != *"open files"* && $said != *"ulimit -n"* ]]; then
			blamed+="ulimit -n $value: $said"$'\n'
		fi
	done
	is "$blamed" "" "what keeps it from tracing is said: the limit, not missing rights"
else
	skip "what keeps it from tracing is said" "$no_trace"
fi

make_public
limit=-u names='ulimit -u' about='not traced'
command=("$public/tracebench" run "${races[@]}" --trace=off)
if [ "$(id -u)" -eq 0 ]; then
	# The limit counts all processes of a user: this one has no others.
	user=$((100000 + $$ % 1000000))
	as=(setpriv "--reuid=$user" "--regid=$user" --clear-groups)
	limited 1 2 3 4 8
	as=()
else
	skip "ulimit -u" "only root can become a user who has no other process"
fi

limit=-v names='-v' about='not traced'
command=("$TRACEBENCH" run "${races[@]}" --trace=off)
kib=()
for value in 6000 8000 10000 16000 20000 30000 100000; do
	# Below that it is the dynamic linker that gives up.
	if (ulimit -v $value && "$TRACEBENCH" --version >/dev/null 2>&1); then
		kib+=("$value")
	fi
done
if [ ${#kib[@]} -ge 3 ]; then
	limited "${kib[@]}"
else
	skip "ulimit -v" "this build does not start in so little memory"
fi

done_testing
