#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The Python programs of tools/seed and the command that runs them beside the seed preset. Brief:
# how fast anything is is not for a test to say.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

seed=$root/tools/seed

# Python names its shared-memory objects so.
left() { find /dev/shm -maxdepth 1 -name 'psm_*' -user "$(id -u)" | sort; }
before=$(left)
for program in "$seed"/*.py; do
	name=$(basename "$program")
	if [ "$name" = experiment.py ]; then
		continue
	fi
	exits 0 "$name runs" "$program" --iterations=1k
	case $name in
	threads.py | threads_call.py) total='[0-9]+' ;;
	*) total=2000 ;;
	esac
	like "$out" "^seconds [0-9]+\.[0-9]{6}"$'\n'"total $total\$" "$name: its seconds and its total"
	is "$err" "" "$name: no complaint, nor any of the interpreter's"
done
is "$(left)" "$before" "no shared memory is left behind"
exits 2 "a bad count" "$seed/threads.py" --iterations=0
like "$err" "'0' is not a count from 1\$" "is named"

exits 0 "they run beside the preset" env TRACEBENCH_PERMITS=2 TRACEBENCH_WARMUP=x "$seed/beside" --iterations=100k --rounds=2
for row in 'sequential\.py.*sequential threads' 'threads\.py.*none threads' \
	'threads_call\.py.*none threads' 'threads_lock\.py.*mutex threads' \
	'threads_semaphore\.py.*sem-futex threads' 'processes_pipe\.py.*pipe processes' \
	'processes_queue\.py.*queue processes' 'processes_shm\.py.*shm processes'; do
	like "$out" $'\n'"$row +[0-9.]+ .* 1/[0-9]+" "a row: $row"
done
like "$out" $'\n''threads_lock\.py +[0-9.]+ +200,000 +mutex threads +[0-9.]+ +200,000 +1/' \
	"with seconds and totals of both"
like "$out" $'\n''-.*sem-futex processes +[0-9.]+ +200,000 +-' "what has no program has its row too"
like "$out" $'\n''[0-6] of 6 comparable ones take less than 1/20 of Python' "how many are fast enough"
like "$out" $'\n''every exact one ends at 200,000 in every round$' "and what all end at"

# A tracebench whose mutex ends one short of what it should.
cat >"$scratch/short" <<-EOF
	#!/bin/bash
	"$TRACEBENCH" "\$@" | python3 -c '
	import json, sys
	session = json.load(sys.stdin)
	for r in session["results"]:
	    r["counter"]["totals"][0] -= r["strategy"] == "mutex"
	print(json.dumps(session))'
EOF
chmod +x "$scratch/short"
exits 1 "an exact one that ends elsewhere" "$seed/beside" -n 1k -r 1 --tracebench="$scratch/short"
like "$out" $'\n''mutex threads ends at 1,999, not at 2,000$' "is named, and decides the exit status"
exits 1 "no tracebench" "$seed/beside" -n 1k -r 1 --tracebench="$scratch/none"
is "$err" "beside: $scratch/none: No such file or directory" "is named"
exits 1 "one that fails" "$seed/beside" -n 1k -r 1 --tracebench=false
like "$err" '^beside: false run .*: exit status 1: it says nothing$' "is named too"

done_testing
