#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A run and its saved session are shown by any view, as wide as there is room; and no view is taken
# for another.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
export LC_ALL=C.UTF-8

file=$scratch/session.json
race=(run mutex pipe turn-futex -d 20ms -r 2 --warmup=0 --latency=1)
exits 0 "a session is saved" "$TRACEBENCH" "${race[@]}" -o "$file"
cp "$scratch/.out" "$scratch/summary"
exits 0 "--view=summary" "$TRACEBENCH" report "$file" --view=summary
holds "--view=summary is what a run shows unasked" cmp "$scratch/.out" "$scratch/summary"

# widest: the columns of the widest line that was shown.
widest() {
	python3 -c 'import sys; print(max(len(line) for line in open(sys.argv[1]).read().split("\n")))' \
		"$scratch/.out"
}
# no_wider_than COLUMNS NAME
no_wider_than() {
	local got
	got=$(widest)
	if [ "$got" -gt 0 ] && [ "$got" -le "$1" ]; then
		ok "$2"
	else
		not_ok "$2" "the widest line has '$got' columns"
	fi
}

# A column that only this view has.
declare -A titles=([latency]="TIMED" [workers]="SHARE" [kernel]="VOL/KOP" [locks]="SLEEPS/KOP"
	[budget]="TOTAL")
for view in latency workers kernel locks budget; do
	exits 0 "$view, piped" "$TRACEBENCH" report "$file" --view=$view
	no_wider_than 100 "$view, piped: no line exceeds 100 columns"
	like "$out" $'\n'"STRATEGY .*${titles[$view]}" "$view: its columns are there"
	unlike "$out" "SPEEDUP" "$view: the summary's are not"
	is "$(grep -c '[[:blank:]]$' "$scratch/.out")" 0 "$view: no line ends in blanks"
	is "$(grep -c $'\e' "$scratch/.out")" 0 "$view, piped: there is no escape code"
	is "$err" "" "$view: nothing else is said"
	cp "$scratch/.out" "$scratch/piped"
	exits 0 "$view in colour" env FORCE_COLOR=1 "$TRACEBENCH" report "$file" --view=$view
	unlike "$(grep -c $'\e' "$scratch/.out")" '^0$' "$view: FORCE_COLOR=1 colours it"
	is "$(sed 's/\x1b\[[0-9;]*m//g' "$scratch/.out")" "$(cat "$scratch/piped")" \
		"$view: and changes nothing else"
	exits 0 "$view, NO_COLOR" env NO_COLOR=1 FORCE_COLOR=1 "$TRACEBENCH" report "$file" --view=$view
	holds "$view: NO_COLOR wins" cmp "$scratch/.out" "$scratch/piped"
	for columns in 80 100; do
		exits 0 "$view, COLUMNS=$columns" \
			env COLUMNS=$columns "$TRACEBENCH" report "$file" --view=$view
		no_wider_than $columns "$view: no line is wider than $columns columns"
	done
	exits 0 "$view, LANG=C" env LC_ALL=C "$TRACEBENCH" report "$file" --view=$view
	is "$(LC_ALL=C grep -c '[^ -~]' "$scratch/.out")" 0 "$view: LANG=C gives pure ASCII"
	exits 0 "$view from the environment" \
		env TRACEBENCH_VIEW=$view "$TRACEBENCH" "${race[@]}" --trace=off
	like "$out" $'\n'"STRATEGY .*${titles[$view]}" "$view: a run shows it, too"
done

exits 0 "workers" "$TRACEBENCH" report "$file" --view=workers
is "$(grep -c '^    worker [01] ' "$scratch/.out")" 6 "each worker of three strategies has a row"
is "$(grep -c '^    owner ' "$scratch/.out")" 1 "and so has the owner of messages"

# in_file, in_view: of each of the mutex's workers its CPU, and how often in a row it had the lock.
in_file() {
	python3 -c '
import json, sys
for result in json.load(open(sys.argv[1]))["results"]:
    for part in result["per_worker"]:
        if result["strategy"] == "mutex":
            print(part["worker"], result["placement"][part["worker"]], part["run_length"]["longest"])
' "$file"
}
in_view() {
	COLUMNS=200 "$TRACEBENCH" report "$file" --view=workers |
		awk '/^STRATEGY/ { end = index($0, " LONGEST") + 7 }
			/^[* ] [^ ]/ { of = $1 == "*" ? $2 : $1 }
			of == "mutex" && $1 == "worker" {
				n = split(substr($0, 1, end), word)
				gsub(",", "", word[n])
				print $2, $3, word[n]
			}'
}
# Beyond four digits a view rounds, a file does not.
rounded() { awk '{ print $1, $2, $3 ~ /^[0-9]+$/ && $3 < 10000 ? $3 : "rounded" }'; }
is "$(in_view | rounded)" "$(in_file | rounded)" \
	"CPUs and the longest runs are those of the file"

exits 0 "budget, wide" env COLUMNS=240 "$TRACEBENCH" report "$file" --view=budget
# Of each row that was traced and reconciled. A number has three digits.
totals_hold() {
	python3 -c '
import json, sys
session = json.load(open(sys.argv[1]))
lines = [line.strip("* ").split() for line in open(sys.argv[2])]
seen = 0
for result in session["results"]:
    sleeps = result["kernel"] and result["kernel"]["sleeps"]
    if not sleeps or not sleeps["reconciled"]["ok"]:
        continue
    row = next(words for words in lines if words[:1] == [result["strategy"]])
    wall = sleeps["budget_ns"]["wall"] / sleeps["ops"]
    if abs(float(row[1].replace(",", "")) / wall - 1) > 0.006:
        sys.exit(f"{row} shows {wall} ns")
    seen += 1
sys.exit(not seen and session["tracing"]["status"] == "on")
' "$file" "$scratch/.out"
}
holds "budget: TOTAL is what the file says" totals_hold

exits 0 "a run without latency" \
	"$TRACEBENCH" run mutex -d 20ms -r 1 --latency=0 --trace=off --view=latency
like "$out" "--latency=3 times passes" "says how to get it"
exits 2 "a view that is not there" "$TRACEBENCH" report "$file" --view=core
is "$err" \
	"tracebench: --view: 'core' is not one of summary, latency, workers, kernel, locks, budget" \
	"is refused with the list"
nothing_out "and nothing is shown"
for command in run report; do
	exits 0 "$command --help" "$TRACEBENCH" $command --help
	like "$out" "--view=VIEW +summary \(default\), latency, workers, kernel, locks or budget" "$command --help names the views"
done

done_testing
