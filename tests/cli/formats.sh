#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A session is rendered in every format, by run and by report, and other people's parsers read from
# each what the session says.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

lib=$root/tests/lib
cd "$scratch" || exit 1

# Every member there is, from a file written by hand; what was raced; and names that are not nice.
cp "$root/tests/unit/fixtures/contract.json" every-member.json
exits 0 "a session is saved" "$TRACEBENCH" run none mutex pipe -d 20ms -r 2 --warmup=0 -o raced.json
python3 - <<'EOP'
import copy, json
s = json.load(open("every-member.json"))
s["results"][0]["status"] = "ok"
names = ['a"b', "a,b", "a\nb", "a|b", "</script>", "a;b", "a'b", "a\\b", "a\\", "`x`", "**x**", "=1+1",
         "# EOF", "{}", "a\tb", "ä·€\U0001f600", "\u009b31m", " a ", "@a", "- x", "|", '"', ""]
s["results"] = [dict(copy.deepcopy(s["results"][0]), strategy=n, verdict=n) for n in names]
s["host"]["hostname"] = 'h"\n\\'
s["started"] = '"'
json.dump(s, open("hostile.json", "w"))
r = s["results"] = [copy.deepcopy(s["results"][0]) for i in range(3)]
r[0]["batch"], r[1]["batch"], r[2]["latency_ns"] = "all", None, None
r[1]["kernel"] = r[1]["hardware"] = None
r[2]["kernel"]["calls"] = r[2]["time"]["ns_per_op"]["ci95"] = None
r[2]["permits"] = 7
json.dump(s, open("nulls.json", "w"))
EOP
for session in every-member raced nulls; do
	relays python3 "$lib/formats.py" "$TRACEBENCH" $session.json
done

for session in every-member raced nulls hostile; do
	exits 0 "$session: OpenMetrics" "$TRACEBENCH" report $session.json --export=openmetrics=$session.txt
	holds "$session: is what the standard says" python3 "$lib/openmetrics.py" $session.txt
done
like "$(python3 "$lib/openmetrics.py" raced.txt)" "^[1-9][0-9]+$" "and has samples"
# That the reader is strict, or the above would say little.
# broken NAME SED: after that edit it is refused.
broken() {
	sed "$2" raced.txt >broken.txt
	exits 1 "the reader refuses $1" python3 "$lib/openmetrics.py" broken.txt
}
broken "a file that is cut off" "\$d"
broken "a family without a type" '0,/^# TYPE/{/^# TYPE/d}'
broken "a unit that the name lacks" 's/^# UNIT \([^ ]*\) seconds/# UNIT \1 minutes/'
broken "a sample twice" '/^tracebench_ok/{p}'
broken "a quote in a label" 's/strategy="none"/strategy="no"ne"/'

promtool=${PROMTOOL:-$(command -v promtool)}
if [ -n "$promtool" ]; then
	for session in every-member raced hostile; do
		check_metrics() { "$promtool" check metrics <"$session.txt"; }
		holds "$session: promtool has nothing to say" check_metrics
	done
else
	skip "promtool has nothing to say" "there is none (make check-formats has one)"
fi

# The names that are not nice, in what reads lines and cells.
holds "hostile names are cells of CSV" python3 -c '
import csv, json
s = json.load(open("hostile.json"))
import subprocess, sys, io
out = subprocess.run([sys.argv[1], "report", "hostile.json", "--format=csv"], capture_output=True, check=True).stdout
rows = list(csv.DictReader(io.StringIO(out.decode(), newline=""), strict=True))
want = [r["strategy"].replace("\u009b", "\ufffd") for r in s["results"]]
assert [r["strategy"] for r in rows] == want, [r["strategy"] for r in rows]
assert [r["verdict"] for r in rows] == want' "$TRACEBENCH"
holds "hostile names are strings of ndjson" python3 -c '
import json, subprocess, sys
s = json.load(open("hostile.json"))
out = subprocess.run([sys.argv[1], "report", "hostile.json", "--format=ndjson"], capture_output=True, check=True).stdout
lines = [json.loads(l) for l in out.decode().split("\n")[:-1]]
assert [l["strategy"] for l in lines] == [r["strategy"] for r in s["results"]]' "$TRACEBENCH"
exits 0 "hostile names in Markdown" "$TRACEBENCH" report hostile.json --format=markdown
unlike "$out" "(^|[^\\])</script>" "are escaped"
like "$out" 'a\\\|b' "and do not end a cell"

# What the formats have to do with views, and with standard output.
exits 0 "plain is a view as well" "$TRACEBENCH" report raced.json --format=plain --view=workers
like "$out" "worker 0" "of the workers"
exits 0 "and so is Markdown" "$TRACEBENCH" report raced.json --format=markdown --view=latency
like "$out" "\| P50 " "of latencies"
exits 0 "a run writes formats as well" "$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 --trace=off \
	-q --format=ndjson --export=csv=run.csv
is "$(wc -l <.out) $(wc -l <run.csv)" "1 2" "a line of its result, and a row"
for format in plain json ndjson csv markdown; do
	"$TRACEBENCH" report raced.json --format=$format >expected
	exits 0 "a forced colour stays away from $format" env FORCE_COLOR=1 \
		"$TRACEBENCH" report raced.json --format=$format
	holds "it is the same ($format)" cmp expected .out
	case $format in plain) continue ;; esac
	exits 0 "exported as $format" "$TRACEBENCH" report raced.json --export=$format=exported.$format
	holds "it is the same file ($format)" cmp expected exported.$format
done

# A reader that goes away early: more than a pipe holds.
python3 -c '
import json
s = json.load(open("raced.json"))
s["results"] *= 100
json.dump(s, open("large.json", "w"))'
for format in table plain json ndjson csv markdown; do
	"$TRACEBENCH" report large.json --format=$format >whole
	if [ "$(wc -c <whole)" -le 65536 ]; then
		note "$format: $(wc -c <whole) bytes fit into a pipe"
	fi
	first=$("$TRACEBENCH" report large.json --format=$format 2>.err | head -n 1)
	is "$first" "$(head -n 1 whole)" "$format: who wants one line gets one"
	is "$(cat .err)" "" "$format: and nothing is said when the reader leaves"
	exits 1 "$format: a full disk" bash -c '"$@" >/dev/full' bash "$TRACEBENCH" report large.json --format=$format
	one_line "$format: is said in one line"
done

done_testing
