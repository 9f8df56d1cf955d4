#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Presets: what they race, with which numbers, and that it can be read off the table.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

judge() { relays python3 "$root/tests/lib/session.py" "$@"; }

file=$scratch/session.json
exits 0 "the seed preset runs, with less to do" \
	"$TRACEBENCH" run --preset=seed -n 1M -r 1 --format=json -o "$file"
judge contract "$file"
judge seed "$file"
judge order "$file"
judge verdict "$file"

exits 0 "it is shown" env COLUMNS=100 "$TRACEBENCH" report "$file"
like "$out" $'\n''preset seed: 2 workers as threads and processes' "the header names the preset"
like "$out" $'\n''STRATEGY +MODE +SECONDS +TOTAL ' "100 columns have seconds and totals"
for row in 'mutex +threads' 'sem-futex +processes' 'queue +processes' 'shm +processes'; do
	like "$out" $'\n''[* ] '"$row"' +[0-9]\.[0-9]+ +2,000,000 ' "$row: its seconds and its total"
done

exits 0 "an option and a name beside it" "$TRACEBENCH" run mutex --preset=seed -w 3 -n 10k -r 1 \
	--mode=both --trace=off -o "$scratch/beside.json"
holds "are followed" said "$scratch/beside.json" \
	'p["workers"] == [3] and [x["mode"] for x in r] == ["threads", "processes"] and \
	all(x["strategy"] == "mutex" and set(x["counter"]["totals"]) == {30000} for x in r)'
exits 0 "a preset from the environment" env TRACEBENCH_PRESET=quick \
	"$TRACEBENCH" run -r 1 --warmup=0 --trace=off -o "$scratch/quick.json"
holds "is followed, and races everything" said "$scratch/quick.json" \
	'p["preset"] == "quick" and p["duration_ns"] == 20000000 and p["repeats"] == 1 and len(r) > 8'
exits 0 "no preset" "$TRACEBENCH" run sequential -d 20ms -r 1 --trace=off -o "$scratch/none.json"
holds "is null" said "$scratch/none.json" 'p["preset"] is None'
unlike "$out" 'SECONDS|TOTAL' "and without fixed work there are no seconds and totals"

done_testing
