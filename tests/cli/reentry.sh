#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What becomes of each kind of lock that a thread takes twice, traced and not; by whom, and where it
# was found; and that nothing stays behind.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/background.sh"

cat >outcomes.py <<'EOF'
import json, sys

WANTS = {
    "mutex": "self-deadlock", "errorcheck": "EDEADLK", "recursive": "acquired",
    "adaptive": "self-deadlock", "robust": "self-deadlock", "pi": "hangs",
    "pi-errorcheck": "EDEADLK", "futex-pi": "EDEADLK", "rwlock-ww": "EDEADLK",
    "rwlock-wr": "EDEADLK", "rwlock-rw": "hangs", "rwlock-rr": "acquired", "spin": "spins",
    "sem": "hangs", "sem-futex": "hangs",
}
KEYS = {"lock", "summary", "outcome", "error", "refused_by", "tid", "owner", "waited_ns", "where",
        "kernel", "seen"}


def holds(promise, problems):
    problems = list(problems)
    print("pass" if not problems else "fail", promise, "; ".join(problems[:3]), sep="\t")


report = json.load(open(sys.argv[1]))
traced = sys.argv[2] == "traced"
by_name = {r["lock"]: r for r in report["results"]}
away = [r for r in report["results"] if r["where"]]
asleep = [r for r in away if r["where"]["state"] == "futex"]
locked = [r for r in report["results"] if r["outcome"] == "self-deadlock"]
holds("the schema is named, and the timeout", [] if report["schema"] == "tracebench.reentry/1" and
      report["timeout_ns"] == 50 * 10**6 and report["complete"] is True else [repr(report)])
holds("whether it was traced is said",
      [] if report["tracing"] == {"status": "on" if traced else "off", "reason": None} else
      [repr(report["tracing"])])
holds("every lock has a result, in the order of the help",
      [] if [r["lock"] for r in report["results"]] == list(WANTS) else [repr(list(by_name))])
holds("each result has its keys, and no others",
      (r["lock"] for r in report["results"] if set(r) != KEYS))
for name, want in WANTS.items():
    r = by_name[name]
    got = r["error"] if r["outcome"] == "refused" else r["outcome"]
    holds("%s: %s" % (name, want), [] if got == want else [repr(r)])
holds("a self-deadlock is asleep on the lock's own word, held by this very thread",
      (repr(r) for r in locked if r["where"]["in"] != "lock" or r["where"]["offset"] != 0 or
       r["owner"] != r["tid"] or not r["tid"] > 0))
holds("so is the mutex that glibc parks, but on a word of its stack",
      [] if by_name["pi"]["where"]["in"] == "stack" and by_name["pi"]["where"]["offset"] is None and
      by_name["pi"]["owner"] == by_name["pi"]["tid"] else [repr(by_name["pi"])])
holds("semaphores have no owner, an upgraded rwlock names none",
      [] if by_name["sem"]["owner"] is None and by_name["sem-futex"]["owner"] is None and
      by_name["rwlock-rw"]["owner"] == 0 else [repr((by_name["sem"], by_name["rwlock-rw"]))])
holds("who is not back was given the time to be",
      (repr(r) for r in away if r["waited_ns"] < report["timeout_ns"]))
holds("/proc says where everybody is", (repr(r) for r in away if not r["where"]["by_proc"]))
if not traced:
    holds("the kernel's counts are null", (repr(r) for r in report["results"] if r["kernel"]))
    holds("who refused is null", (repr(r) for r in report["results"] if r["refused_by"]))
else:
    holds("BPF says the same", (repr(r) for r in away if not r["where"]["by_bpf"] or
                                r["where"]["sources_agree"] is not True))
    holds("all counts reconcile",
          (repr(r) for r in report["results"] if not r["kernel"]["reconciled"]))
    holds("and add up to the time", (repr(r) for r in report["results"] if
          abs(r["kernel"]["unaccounted_ns"]) > 0.01 * r["kernel"]["wall_ns"]))
    holds("one futex sleep keeps each sleeper", (repr(r) for r in report["results"] if
          r["kernel"]["futex"]["slept"] != (r in asleep)))
    holds("the kernel refuses FUTEX_LOCK_PI, the C library all else",
          (repr(r) for r in report["results"] if r["refused_by"] !=
           ("the kernel" if r["lock"] in ("pi", "futex-pi") else
            "the C library" if r["outcome"] == "refused" else None)))
    holds("and needs no futex call for it", (repr(r) for r in report["results"] if
          r["refused_by"] == "the C library" and r["kernel"]["futex"]["calls"]))
EOF

reentry() { "$TRACEBENCH" reentry --timeout=50ms "$@"; }

exits 0 "untraced, every lock is tried" reentry --trace=off --format=json
is "$err" "" "and nothing is said of it"
relays python3 outcomes.py "$scratch/.out" untraced

if can_trace; then
	exits 0 "traced, too" reentry --trace=require --format=json
	is "$err" "" "and nothing is said of that"
	relays python3 outcomes.py "$scratch/.out" traced
	exits 0 "the table" reentry mutex errorcheck
	like "$out" "mutex +self-deadlock +[0-9]+ +1 +[0-9]" "has the kernel's counts"
	like "$out" "switches agree with getrusage or /proc \(2 of 2 threads\)" "says that they agree"
else
	skip "traced, too" "$no_trace"
fi

exits 0 "the table without tracing" reentry mutex errorcheck spin --trace=off
like "$out" "mutex +self-deadlock +- +- +- +-" "has none"
like "$out" "mutex +asleep in a futex wait on a word of the lock, which this very[[:space:]]+thread holds \(tid [0-9]+\)" \
	"names the self-deadlock"
like "$out" "errorcheck +returned EDEADLK" "and who was refused"
like "$out" "spin +still trying: " "and who spins"
unlike "$out" "recursive|sem" "and shows only what was asked for"

make_public
if as_ordinary ./tracebench doctor --can=trace 2>/dev/null; then
	skip "an ordinary user finds out the same" "an ordinary user can trace here"
else
	exits 0 "an ordinary user finds out the same" \
		as_ordinary ./tracebench reentry --timeout=50ms mutex sem --format=json
	one_line "who is told in one line"
	like "$err" "^tracebench: not traced: .*kernel columns are \"not measured\"" "what is missing"
	holds "and sees the deadlock" python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))
m, s = r["results"]
sys.exit(not (r["tracing"]["status"] == "unavailable" and m["outcome"] == "self-deadlock" and
	m["where"]["in"] == "lock" and s["outcome"] == "hangs"))' "$scratch/.out"
	exits 4 "--trace=require is refused" as_ordinary ./tracebench reentry --trace=require
	one_line "in one line"
	nothing_out "and nothing was tried"
fi

# refused NAME WANT ARGUMENT...: exit code 2, one line, nothing on stdout.
refused() {
	local name=$1 want=$2
	shift 2
	exits 2 "$name" "$TRACEBENCH" reentry "$@"
	is "$err" "tracebench: $want" "$name: it is named"
	nothing_out "$name: nothing was tried"
}
refused "a lock that is none" \
	"no lock 'mutx'; did you mean 'mutex'? (tracebench reentry --help)" mutx
refused "a timeout that is none" \
	"--timeout: '1ms' is not a time from 10ms to 3600s (units: ns us ms s)" --timeout=1ms
refused "a wish that is none" "--trace: 'maybe' is not one of auto, require, off" --trace=maybe
refused "an option that is none" "'--workers' is not an option (tracebench --help)" --workers=2
exits 0 "help" "$TRACEBENCH" reentry --help
like "$out" "rwlock-ww +pthread_rwlock_t" "lists the locks"
# shellcheck disable=SC2016
exits 1 "a full stdout is found out before any lock is tried" \
	bash -c 'exec "$0" reentry --timeout=3600s mutex >/dev/full' "$TRACEBENCH"
one_line "in one line"

for signal in INT TERM; do
	background reentry errorcheck mutex --timeout=3600s --format=json
	holds "SIG$signal: a thread hangs" await racing 2
	kill "-$signal" "$pid"
	ended 130 "SIG$signal: it ends with 130"
	is "$(grep -vc '^tracebench: not traced: ' err)" 1 "SIG$signal: it says one line"
	like "$(tail -n 1 err)" "^tracebench: interrupted" "SIG$signal: that it was interrupted"
	holds "SIG$signal: no process is left" all_gone
	holds "SIG$signal: what is there is marked incomplete" python3 -c '
import json
r = json.load(open("out"))
exit(not (r["complete"] is False and not any(x["lock"] == "mutex" for x in r["results"])))'
done
background reentry mutex --timeout=3600s
holds "SIGKILL: a thread hangs" await racing 2
kill -KILL "$pid"
ended 137 "SIGKILL: it ends"
holds "SIGKILL: the thread dies, too" all_gone

done_testing
