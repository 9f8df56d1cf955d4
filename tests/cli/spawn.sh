#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Threads and processes are made by every method, traced and not, and the counts reconcile; programs
# that fail are named; and nothing stays behind.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/background.sh"

cat >rows.py <<'EOF'
import json, sys

MAKES = {"pthread": "thread", "fork": "process", "clone3": "process", "fork+exec": "program",
         "vfork+exec": "program", "posix_spawn": "program"}
KEYS = {"method", "makes", "summary", "status", "reason", "create_ns", "joined_ns", "creations",
        "spawner_bytes", "children", "spawner", "kernel"}


def holds(promise, problems):
    problems = list(problems)
    print("pass" if not problems else "fail", promise, "; ".join(problems[:3]), sep="\t")


report = json.load(open(sys.argv[1]))
traced = sys.argv[2] == "traced"
plan, rows = report["plan"], report["results"]
n = plan["iterations"] * plan["repeats"]
holds("the schema is named, and the plan", [] if report["schema"] == "tracebench.spawn/1" and
      report["complete"] is True and plan == {
          "iterations": 20, "repeats": 2, "warmup": 1, "timeout_ns": 60 * 10**9, "seed": 7,
          "program": "/bin/true", "keep_root": False} else [repr(report["plan"])])
holds("whether it was traced is said",
      [] if report["tracing"] == {"status": "on" if traced else "off", "reason": None} else
      [repr(report["tracing"])])
holds("every method has a row, in the order of the help, that says what it makes",
      [] if [(r["method"], r["makes"]) for r in rows] == list(MAKES.items()) else
      [repr([(r["method"], r["makes"]) for r in rows])])
holds("each row has its keys, and no others", (r["method"] for r in rows if set(r) != KEYS))
rows = [r for r in rows if r["status"] != "unsupported"]
holds("all went well", (repr((r["method"], r["reason"])) for r in rows
                        if r["status"] != "ok" or r["reason"] is not None))
holds("as many were made as asked for",
      (repr((r["method"], r["creations"])) for r in rows if r["creations"] != n))
for key in "create_ns", "joined_ns":
    holds("%s: as many samples as repeats, the median among them" % key,
          (repr((r["method"], r[key])) for r in rows if len(r[key]["samples"]) != plan["repeats"] or
           not 0 < min(r[key]["samples"]) <= r[key]["median"] <= max(r[key]["samples"])))
holds("a call returns before the end has been waited for",
      (r["method"] for r in rows if any(c >= w for c, w in
       zip(r["create_ns"]["samples"], r["joined_ns"]["samples"]))))
holds("both sides used CPU time", (repr(r) for r in rows
                                   if not r["children"]["cpu_ns"] > 0 < r["spawner"]["cpu_ns"]))
holds("a process costs page faults", (repr(r) for r in rows if r["makes"] != "thread" and
                                      r["children"]["minor_faults"] < n))
if not traced:
    holds("the kernel's counts are null", (r["method"] for r in rows if r["kernel"]))
else:
    kernels = [(r, r["kernel"]) for r in rows]
    holds("all tasks are traced, and no others",
          (r["method"] for r, k in kernels if not k["tasks"] == k["creations"] == n))
    holds("all counts reconcile", (repr((r["method"], k["reconciled"])) for r, k in kernels if not (
        k["reconciled"]["ok"] and k["reconciled"]["children_agree"] == n and
        k["reconciled"]["spawners_agree"] == plan["repeats"] and
        k["reconciled"]["events_lost"] == 0)))
    holds("getrusage shows all but the last switch of a thread", (
        repr(k) for r, k in kernels if r["makes"] == "thread" and k["children"]["switches"][
            "voluntary"] != k["reconciled"]["children_by_getrusage"]["voluntary"] + n))
    holds("and of a process that one, or not", (
        repr(k) for r, k in kernels if r["makes"] != "thread" and not 0 <= k["children"]["switches"][
            "voluntary"] - k["reconciled"]["children_by_getrusage"]["voluntary"] <= n))
    holds("children ran, after the call", (repr(k) for r, k in kernels if not (
        k["children"]["on_cpu_ns"] > 0 and len(k["starts_ns"]["samples"]) == plan["repeats"] and
        min(k["starts_ns"]["samples"]) > 0)))
    holds("the spawners' time adds up", (repr(k["spawner"]) for r, k in kernels if
          abs(k["spawner"]["unaccounted_ns"]) > 0.01 * k["spawner"]["wall_ns"]))
    holds("the slowdown is there", (repr(k["slowdown"]) for r, k in kernels
                                    if not k["slowdown"]["median"] > 0))
EOF

spawn() { "$TRACEBENCH" spawn -n 20 -r 2 --seed=7 "$@"; }

exits 0 "untraced, every method is measured" spawn --trace=off --format=json
is "$err" "" "and nothing is said of it"
relays python3 rows.py "$scratch/.out" untraced
exits 0 "the table" spawn --trace=off pthread posix_spawn
like "$out" "pthread +thread +[0-9]" "has the threads"
like "$out" "posix_spawn +program +[0-9]" "and the programs"
like "$out" " - +- +-"$'\n' "and no kernel columns"
unlike "$out" "fork|clone3" "and only what was asked for"

if can_trace; then
	exits 0 "traced, too" spawn --trace=require --format=json
	is "$err" "" "and nothing is said of that"
	relays python3 rows.py "$scratch/.out" traced
	exits 0 "the table of traced ones" spawn fork
	like "$out" "agree with getrusage \(40 of 40\)" "says that the counts agree"

	printf '#!/bin/sh\n%s\n%s\n' /bin/true /bin/true >two.sh
	chmod 755 two.sh
	chmod 711 "$scratch"
	exits 6 "a program that makes tasks of its own" spawn fork+exec --program="$scratch/two.sh"
	like "$out" "void +void" "has no kernel columns"
	like "$out" "besides the 40 that were made there were [0-9]+[[:space:]]+tasks" "and it is said why"
else
	skip "traced, too" "$no_trace"
fi

make_public
if as_ordinary ./tracebench doctor --can=trace 2>/dev/null; then
	skip "an ordinary user gets timings" "an ordinary user can trace here"
else
	exits 0 "an ordinary user gets timings" as_ordinary ./tracebench spawn -n 20 -r 2 pthread fork
	one_line "who is told in one line"
	like "$err" "^tracebench: not traced: .*kernel columns are \"not measured\"" "what is missing"
	exits 4 "--trace=require is refused" as_ordinary ./tracebench spawn --trace=require
	one_line "in one line"
	nothing_out "and nothing was made"
fi

# What is executed.
chmod 711 "$scratch"
printf '#!/bin/sh\necho noise\ncat\nexit 0\n' >noisy.sh
printf '#!/bin/sh\nexit 3\n' >three.sh
# shellcheck disable=SC2016
printf '#!/bin/sh\nkill -KILL $$\n' >killed.sh
printf 'no program at all\0' >garbage
chmod 755 noisy.sh three.sh killed.sh garbage
exits 0 "a program that reads and writes" spawn --trace=off fork+exec --format=json \
	--program="$scratch/noisy.sh" < <(yes)
holds "does not write between the results" python3 -m json.tool "$scratch/.out"
# fails PROGRAM REGEX NAME
fails() {
	exits 1 "$3" spawn --trace=off fork+exec pthread --program="$scratch/$1"
	like "$out" "fork\+exec: failed: $scratch/$1 $2" "$3: it is named"
	like "$out" "pthread +thread +[0-9]" "$3: and costs nothing else"
}
fails three.sh "exited[[:space:]]+with[[:space:]]+status[[:space:]]+3" "a program that fails"
fails killed.sh "was[[:space:]]+killed[[:space:]]+by[[:space:]]+SIGKILL" "a program that is killed"
fails garbage "cannot[[:space:]]+be[[:space:]]+executed" "what is no program"
exits 1 "nor for posix_spawn" spawn --trace=off posix_spawn --program="$scratch/garbage"
like "$out" "Exec format error" "which says so itself"
if [ "$(id -u)" -eq 0 ]; then
	cp /bin/true "$scratch/root"
	chmod 700 "$scratch/root"
	fails root "cannot[[:space:]]+be[[:space:]]+executed:[[:space:]]+Permission" \
		"a program of root's, with root dropped"
	exits 0 "and with root kept" spawn --trace=off fork+exec --program="$scratch/root" --keep-root
fi

# refused NAME WANT ARGUMENT...: exit code 2, one line, nothing on stdout.
refused() {
	local name=$1 want=$2
	shift 2
	exits 2 "$name" "$TRACEBENCH" spawn "$@"
	is "$err" "tracebench: $want" "$name: it is named"
	nothing_out "$name: nothing was made"
}
refused "a method that is none" "no method 'frok'; did you mean 'fork'? (tracebench spawn --help)" \
	frok
refused "a program that is none" \
	"--program: '/nowhere/x' cannot be executed: No such file or directory" --program=/nowhere/x
refused "no creations" "--iterations: '0' is not a count from 1 to 10000" -n 0
refused "an option that is none" "'--workers' is not an option (tracebench --help)" --workers=2
exits 0 "a program that is not needed is not asked for" spawn --trace=off pthread \
	--program=/nowhere/x
exits 0 "help" "$TRACEBENCH" spawn --help
like "$out" "vfork\+exec +program +vfork" "lists the methods"
# shellcheck disable=SC2016
exits 1 "a full stdout is found out before anything is made" \
	bash -c 'exec "$0" spawn -r 10000 >/dev/full' "$TRACEBENCH"
one_line "in one line"

if [ "$(id -u)" -eq 0 ]; then
	user=$((100000 + $$ % 1000000))
	exits 1 "no more processes" setpriv --reuid=$user --regid=$user --clear-groups \
		bash -c 'ulimit -u 3 && cd / && exec "$@"' bash "$public/tracebench" spawn -n 20 -r 2 \
		--trace=off fork
	like "$out$err" "ulimit -u" "the limit is named"
fi

for signal in INT TERM; do
	background spawn -r 10000 --format=json
	holds "SIG$signal: it was at work" await racing 2
	kill "-$signal" "$pid"
	ended 130 "SIG$signal: it ends with 130"
	is "$(grep -vc '^tracebench: not traced: ' err)" 1 "SIG$signal: it says one line"
	like "$(tail -n 1 err)" "^tracebench: interrupted" "SIG$signal: that it was interrupted"
	holds "SIG$signal: no process is left" all_gone
	holds "SIG$signal: what is there is marked incomplete" \
		python3 -c 'import json; exit(json.load(open("out"))["complete"])'
done
printf '#!/bin/sh\nexec sleep 3600\n' >sleeper.sh
chmod 755 sleeper.sh
background spawn fork+exec --timeout=3600s --program="$scratch/sleeper.sh"
holds "SIGKILL: a program hangs" await racing 4
kill -KILL "$pid"
ended 137 "SIGKILL: it ends"
holds "SIGKILL: the program, too" all_gone

done_testing
