#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Two saved sessions are compared by anybody: nothing differs from itself, what was slowed down is
# found, and what is no session is refused in one line.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

cd "$scratch" || exit 1
exits 0 "a session is saved" "$TRACEBENCH" run atomic mutex cas -n 3000 -r 8 --warmup=0 \
	--seed=7 -o raced.json

# doctor FACTOR FROM TO [STRATEGY]: TO is FROM with the untraced times of a strategy, or of all, times
# that, each a little apart from the last: what this machine does meanwhile is not what is tried here.
doctored() {
	python3 - "$@" <<'END'
import json, sys
factor, source, target, *only = sys.argv[1:]
session = json.load(open(source))
for result in session["results"]:
    cost = result["time"]["ns_per_op"]
    scale = float(factor) if not only or result["strategy"] == only[0] else 1
    cost["samples"] = [cost["median"] * scale * (1 + i / 1000) for i in range(8)]
json.dump(session, open(target, "w"))
END
}
doctored 1 raced.json base.json
doctored 2 raced.json slow.json mutex
doctored 0.5 raced.json fast.json mutex

# json EXPRESSION: of the comparison on stdout of the last `exits`: c, its rows by strategy r.
json() {
	python3 -c '
import json, sys
c = json.load(open(sys.argv[1]))
r = {row["base_result"]["strategy"]: row for row in c["rows"]}
if not eval(sys.argv[2]):
    sys.exit(json.dumps(c)[:3000])
' "$scratch/.out" "$1"
}

# row STRATEGY: its row of the table that the last `exits` printed.
row() {
	grep -m 1 "^$1 " "$scratch/.out"
}

exits 0 "a session is compared with itself" "$TRACEBENCH" compare base.json base.json --format=json \
	--fail-above=0%
holds "and is the same" json 'all(row["verdict"] == "same" for row in c["rows"])'
holds "in every row, without a difference or one alone" json \
	'len(c["rows"]) == 3 and not c["differences"] and not c["only_base"] and not c["only_new"]'
exits 0 "as it was raced, with itself" "$TRACEBENCH" compare raced.json raced.json --format=json
holds "nothing is called different" json \
	'not {row["verdict"] for row in c["rows"]} & {"slower", "faster"}'

exits 3 "what became slower fails" "$TRACEBENCH" compare base.json slow.json --fail-above=5%
like "$(row mutex)" "\+100% .*slower !$" "and its row says so"
unlike "$(row atomic)$(row cas)" "slower" "no other does"
unlike "$out" $'\033' "without colour where there is no terminal"
exits 0 "without a limit it is only said" "$TRACEBENCH" compare base.json slow.json
like "$(row mutex)" "slower" "as it is here"
exits 0 "below the limit it passes" "$TRACEBENCH" compare base.json slow.json --fail-above=150%
exits 0 "what became faster passes" "$TRACEBENCH" compare base.json fast.json --fail-above=5%
like "$(row mutex)" "faster" "and is said to be"
exits 0 "a band as wide as the change makes it none" "$TRACEBENCH" compare base.json slow.json \
	--same-within=200% --fail-above=5%
like "$(row mutex)" "same within 200%" "which is said"

exits 3 "as JSON" "$TRACEBENCH" compare base.json slow.json --fail-above=5% --format=json
holds "with the figures" json \
	'abs(r["mutex"]["ratio"] - 2) < 1e-9 and r["mutex"]["regressed"] and c["regressed"]'
exits 3 "as Markdown" "$TRACEBENCH" compare base.json slow.json --fail-above=5% --format=markdown
like "$out" $'\n'"\| mutex \|" "in a table"

sed 's/"critical_ns": 0/"critical_ns": 200/' base.json >other.json
exits 0 "another plan is compared" "$TRACEBENCH" compare base.json other.json
like "$out" "warning: differs: plan.critical_ns: 0 -> 200" "with a warning"

exits 0 "fewer strategies" "$TRACEBENCH" run atomic -n 3000 -r 2 --warmup=0 --trace=off -o few.json
exits 0 "leave some alone" "$TRACEBENCH" compare base.json few.json
like "$out" "only in base: (cas, mutex|mutex, cas)" "which are named"
like "$out" "2 repeats are too few to say; 6 on both sides would do" "and too few repeats say nothing"

from_stdin() { "$TRACEBENCH" compare - slow.json <base.json; }
exits 0 "one of the two may come from standard input" from_stdin

make_public
cp base.json slow.json "$public"
chmod 644 "$public"/*.json
exits 3 "whoever may read them compares them" as_ordinary ./tracebench compare base.json slow.json \
	--fail-above=5%

# refused STATUS NAME REGEX COMMAND...: one line that matches, nothing on stdout.
refused() {
	local status=$1 name=$2 regex=$3
	shift 3
	exits "$status" "$name: refused" "$@"
	one_line "$name: in one line"
	like "$err" "^tracebench: $regex" "$name: which names it"
	nothing_out "$name: nothing is shown"
}

refused 2 "no session" "compare: which two sessions\?" "$TRACEBENCH" compare
refused 2 "one session" "compare: which two sessions\?" "$TRACEBENCH" compare base.json
refused 2 "three sessions" "'few.json': compare takes two sessions" \
	"$TRACEBENCH" compare base.json slow.json few.json
refused 2 "standard input twice" "'-': only one" "$TRACEBENCH" compare - -
refused 2 "a limit without its sign" "--fail-above: '5' is not a percentage" \
	"$TRACEBENCH" compare base.json slow.json --fail-above=5
refused 2 "a band below nothing" "--same-within: '-1%' is not a percentage" \
	"$TRACEBENCH" compare base.json slow.json --same-within=-1%
refused 2 "another format" "--format: 'html' is not one of table, json, markdown" \
	"$TRACEBENCH" compare base.json slow.json --format=html
refused 1 "a missing file" "nowhere.json: No such file" "$TRACEBENCH" compare base.json nowhere.json
refused 1 "a missing base" "nowhere.json: No such file" "$TRACEBENCH" compare nowhere.json base.json
head -c 1000 base.json >half.json
refused 1 "half a file" "half.json:" "$TRACEBENCH" compare base.json half.json
refused 1 "half a base" "half.json:" "$TRACEBENCH" compare half.json base.json
sed 's/"strategy": "[a-z]*"/"strategy": "sequential"/' few.json >alone.json
refused 1 "nothing in common" "base.json and alone.json have no result in common" \
	"$TRACEBENCH" compare base.json alone.json

full() { "$TRACEBENCH" compare base.json slow.json --fail-above=5% >/dev/full; }
exits 1 "what cannot be shown is no comparison" full
like "$err" "standard output: No space" "and it says so"

done_testing
