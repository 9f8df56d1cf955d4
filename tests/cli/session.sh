#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One whole session, from the command line to the file: it is as the contract says, and what it
# says of itself holds.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

judge() { relays python3 "$root/tests/lib/session.py" "$@"; }

file=$scratch/session.json
exits 0 "a session of the default runs" \
	"$TRACEBENCH" run --duration=20ms --repeats=3 --mode=both --format=json -o "$file"
is "$(grep -c '' "$scratch/.err")" "$(can_trace && echo 0 || echo 1)" \
	"stderr is empty but for why it is not traced"
holds "the file and stdout have the same session" cmp "$scratch/.out" "$file"
judge contract "$file"
judge measured "$file"
judge order "$file"
if can_trace; then
	judge traced "$file"
	judge calls "$file"
else
	skip "what the kernel saw" "$no_trace"
fi

# The strategies of FILE are those that `list` names, of which CONDITION holds, in every mode.
# raced FILE CONDITION
raced() {
	python3 - "$@" <<-'EOF'
		import json, os, subprocess, sys
		listed = json.loads(subprocess.check_output(
		    [os.environ["TRACEBENCH"], "list", "--format=json"]))
		want = [(s["name"], mode) for s in listed if eval(sys.argv[2])
		        for mode in s["modes"]]
		got = [(r["strategy"], r["mode"]) for r in json.load(open(sys.argv[1]))["results"]]
		sys.exit(0 if sorted(want) == sorted(got) else "listed %r, raced %r" % (want, got))
	EOF
}
holds "those that the list marks as the default are in it" \
	raced "$file" 's["default"]'
is "$("$TRACEBENCH" list --format=json | grep -c '"default": true')" 12 "they are a dozen"

# Untraced, for what the kernel sees of each is tests/kernel/strategies' to check.
exits 0 "a session of everything runs" \
	"$TRACEBENCH" run all --duration=20ms --repeats=1 --warmup=0 --mode=both --trace=off \
	--format=json -o "$scratch/all.json"
judge contract "$scratch/all.json"
holds "every strategy of the list is in it" raced "$scratch/all.json" True

# brief FILE OPTION...: a session that is over at once.
brief() {
	local to=$1
	shift
	"$TRACEBENCH" run -d 20ms -r 3 --trace=off -o "$to" "$@" >/dev/null
}

# The doctor, and a session of the same user, tried the same.
hardware=$(python3 -c '
import json, sys
hardware = json.load(open(sys.argv[1]))["hardware"]
print("ok" if hardware["available"] else "-- not available here: " + hardware["reason"])
' "$scratch/all.json")
exits 0 "the doctor examines" "$TRACEBENCH" doctor
like "$out" "${hardware%% *} +hardware counters: " "says whether there are hardware counters"
holds "and the reason is the session's" grep -qF -- "${hardware#-- }" "$scratch/.out"

# levels DETAIL: which levels the session of --detail=DETAIL has, as "sleeps calls".
levels() {
	"$TRACEBENCH" run sequential mutex -d 20ms -r 1 --detail="$1" --format=json |
		python3 -c '
import json, sys
kernels = [r["kernel"] for r in json.load(sys.stdin)["results"]]
print(" ".join(level for level in ("sleeps", "calls") if all(k[level] for k in kernels)))'
}
if can_trace; then
	is "$(levels sleeps)" sleeps "--detail=sleeps traces that level alone"
	is "$(levels calls)" calls "--detail=calls traces that level alone"
	is "$(levels both)" "sleeps calls" "--detail=both traces both"
else
	skip "--detail chooses the levels" "$no_trace"
fi

holds "a seed can be given" brief "$scratch/a.json" --seed=7
brief "$scratch/b.json" --seed=7
judge same-order "$scratch/a.json" "$scratch/b.json"
brief "$scratch/c.json" --seed=8
holds "another seed gives another order" python3 -c '
import json, sys
a, b = (json.load(open(path))["plan"] for path in sys.argv[1:])
sys.exit(a["seed"] != 7 or b["seed"] != 8 or a["order"] == b["order"])
' "$scratch/a.json" "$scratch/c.json"

# placed FILE EXPRESSION: it holds for every result r, and c, the CPUs allowed.
placed() {
	python3 -c '
import json, os, sys
c = sorted(os.sched_getaffinity(0))
results = json.load(open(sys.argv[1]))["results"]
wrong = [(r["strategy"], r["placement"]) for r in results if not eval(sys.argv[2])]
sys.exit(repr(wrong) if wrong or not results else 0)
' "$@"
}
brief "$scratch/pack.json" mutex pipe -w 3 --pin=pack
holds "--pin=pack puts all tasks on one CPU" \
	placed "$scratch/pack.json" 'len(r["placement"]) >= 3 and len(set(r["placement"])) == 1'
last=$(python3 -c 'import os; print(max(os.sched_getaffinity(0)))')
first=$(python3 -c 'import os; print(min(os.sched_getaffinity(0)))')
if [ "$first" = "$last" ]; then
	skip "a list of CPUs is followed and wraps round" "only one CPU may be used"
else
	brief "$scratch/list.json" mutex -w 3 --pin="$last,$first"
	holds "a list of CPUs is followed and wraps round" \
		placed "$scratch/list.json" 'r["placement"] == [c[-1], c[0], c[-1]]'
fi

"$TRACEBENCH" run mutex rwlock -w 2 --read-share=75 -b 10 -n 1000 -r 3 --latency=0 --trace=off -q \
	-o "$scratch/reads.json" >/dev/null
holds "what only reads is no increment that the counter has to show" python3 -c '
import json, sys
got = {r["strategy"]: (r["read_share"], r["counter"]["expected"], r["counter"]["final"])
       for r in json.load(open(sys.argv[1]))["results"]}
want = {"mutex": (0, 6000, 6000), "rwlock": (75, 1500, 1500)}
sys.exit(repr(got) if got != want else 0)
' "$scratch/reads.json"

# beside_a_hostile_name FILE: a session beside a process whose name is made to break things, on the
# same CPU. Workers that give way over and over are followed by it some time.
beside_a_hostile_name() {
	python3 - "$1" <<-'EOF'
		import ctypes, json, os, signal, subprocess, sys
		cpu = min(os.sched_getaffinity(0))
		hog = os.fork()
		if hog == 0:
		    libc = ctypes.CDLL(None)
		    libc.prctl(1, signal.SIGKILL)
		    libc.prctl(15, b"\x80\xff\"'\n\x1b[1m\\")
		    os.sched_setaffinity(0, [cpu])
		    while True:
		        pass
		try:
		    subprocess.run([os.environ["TRACEBENCH"], "run", "turn-spin", "-w2", "--pin=%d" % cpu, "-r2",
		                    "-d300ms", "--detail=sleeps", "-q", "-o", sys.argv[1]],
		                   check=True, stdout=subprocess.DEVNULL)
		finally:
		    os.kill(hog, signal.SIGKILL)
		    os.waitpid(hog, 0)
		text = open(sys.argv[1], "rb").read().decode("ascii")
		got = json.loads(text)["results"][0]["kernel"]["sleeps"]["preempted_by"]
		want = "\\x80\\xff\"'\\x0a\\x1b[1m\\\\"
		sys.exit(0 if want in [p["comm"] for p in got] else repr(got))
	EOF
}
if can_trace; then
	holds "a neighbour that preempted is named, and a hostile name is harmless" \
		beside_a_hostile_name "$scratch/hostile.json"
	judge traced "$scratch/hostile.json"
else
	skip "who preempted" "$no_trace"
fi

done_testing
