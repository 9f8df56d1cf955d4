#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What `report --json-schema` prints describes every session file, and a file that it does not
# describe is refused.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

cd "$scratch" || exit 1
exits 0 "the schema is printed" "$TRACEBENCH" report --json-schema
holds "it is docs/session.schema.json" cmp .out "$root/docs/session.schema.json"
is "$err" "" "and nothing else is said"
cp .out schema.json
exits 1 "on a full disk it is not" bash -c '"$@" >/dev/full' bash "$TRACEBENCH" report --json-schema
one_line "which is said in one line"

# Every member, from a file written by hand; what races leave, with all there is and with nothing.
cp "$root/tests/unit/fixtures/contract.json" every-member.json
exits 0 "a session is saved" "$TRACEBENCH" run none mutex pipe shm -m both -w 1,2 -d 20ms -r 2 --warmup=0 -o raced.json
exits 0 "a session with a scan" "$TRACEBENCH" run mutex atomic -d 20ms -r 1 --warmup=0 --trace=off \
	--latency=0 --scan=batch=1,64 --scan=critical=0ns,1us -o scanned.json
exits 0 "a session of fixed work" "$TRACEBENCH" run mutex -n 1000 -b all -r 1 --warmup=0 --trace=off -o fixed.json
relays python3 "$root/tests/lib/schema.py" schema.json every-member.json raced.json scanned.json fixed.json

done_testing
