#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --timeline: the capture is what its format promises and says what the session says, by a reader that
# knows the format alone; what is lost is counted, and what is cut off can be read.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"
. "$(dirname "$0")/../lib/background.sh"

reader=$root/tests/lib/capture.py
# Nothing but what a timeline is compared with.
export TRACEBENCH_LATENCY=0 TRACEBENCH_WAKERS=0 TRACEBENCH_WARMUP=0 TRACEBENCH_REPEATS=1
export TRACEBENCH_DETAIL=sleeps

# ---- Where it cannot be ----

exits 2 "a timeline of nothing is refused" "$TRACEBENCH" --timeline=t.cap --trace=off
one_line "in one line"
exits 2 "and so is one to standard output" "$TRACEBENCH" --timeline=-
one_line "in one line, too"

make_public
chmod 755 "$public"
if [ "$(id -u)" -eq 0 ]; then
	chmod 1777 "$public"
	exits 0 "without rights it races all the same" \
		as_ordinary "$public/tracebench" atomic -d 20ms --timeline=t.cap
	one_line "says so in one line"
	like "$err" "^tracebench: not traced: .*No timeline is written" "which says what is missing"
	exits 4 "unless it is required" \
		as_ordinary "$public/tracebench" atomic -d 20ms --timeline=t.cap --trace=require
	is "$(compgen -G "$public/*.cap")" "" "and makes no file either time"
fi

if ! can_trace; then
	skip "a timeline is recorded" "$no_trace"
	done_testing
fi

# ---- What it says ----

exits 0 "a timeline is recorded" "$TRACEBENCH" turn-futex mutex pipe sem-futex atomic uring-pipe \
	--mode=both -d 30ms --timeline=t.cap -o t.json
relays python3 "$reader" whole t.cap t.json
relays python3 "$root/tests/lib/session.py" contract t.json
relays python3 "$root/tests/lib/session.py" order t.json
holds "the session has a row for each task, and nothing is lost" said t.json \
	'all(x["kernel"]["timeline"]["file"] == p["timeline"] == "t.cap" and
	x["kernel"]["timeline"]["lost"]["ring"] == 0 and x["kernel"]["timeline"]["reconciled"]["ok"]
	for x in r if x["status"] == "ok")'

exits 0 "without it nothing of it is there" "$TRACEBENCH" mutex -d 20ms -o without.json
holds "no result, and no map" said without.json \
	'p["timeline"] is None and all(x["kernel"]["timeline"] is None for x in r) and
	not {"rings", "named_pids"} & {m["name"] for m in s["tracing"]["cost"]["maps"]}'

# ---- The file ----

exits 1 "what exists is left alone" "$TRACEBENCH" atomic -d 20ms --timeline=t.cap
is "$err" "tracebench: t.cap: exists; use --force to overwrite" "and that is said"
exits 0 "but for --force" "$TRACEBENCH" atomic -d 20ms --timeline=t.cap --force -o a.json
relays python3 "$reader" whole t.cap a.json
if [ "$(id -u)" -eq 0 ]; then
	SUDO_UID=65534 SUDO_GID=65534 exits 0 "as the caller of sudo" \
		"$TRACEBENCH" atomic -d 20ms --timeline="$public/sudo.cap"
	is "$(stat -c %u "$public/sudo.cap")" 65534 "who owns the file"
fi

# ---- Losses ----

exits 0 "rings that are too small" "$TRACEBENCH" turn-futex -d 100ms --pin=pack --ring=4096 \
	--timeline=small.cap -o small.json
like "$(python3 "$reader" lost small.cap)" "^ring=[1-9]" "lose events, which are counted"
is "$(python3 "$reader" lost small.cap)" "$(python3 -c '
import json
lost = json.load(open("small.json"))["results"][0]["kernel"]["timeline"]["lost"]
print("ring=%d slots=%d order=%d nested=%d" % tuple(lost[k] for k in ("ring", "slots", "order", "nested")))
')" "and the session says how many"
like "$out" 'EVENTS LOST turn-futex \(timeline\): ring [0-9,]+ \(the timeline lacks them\)' \
	"the result is marked"

# limited: a file may have 600 KiB, which are two blocks of events and a part of a third.
# Called by name, as is the next one.
# shellcheck disable=SC2317
limited() { (ulimit -f 600 && exec "$@"); }
exits 1 "a capture that cannot grow costs the exit code" \
	limited "$TRACEBENCH" turn-futex atomic -d 100ms --pin=pack --timeline=full.cap
is "$(grep -c '^tracebench: full.cap: cannot be written any further: File too large' \
	"$scratch/.err")" 1 "one line"
like "$out" "switches agree with getrusage" "and no race"
relays python3 "$reader" cut full.cap

# ---- Cut off ----

# recording: events are in the file by now.
# shellcheck disable=SC2317
recording() { [ "$(stat -c %s "$1.cap" 2>/dev/null || echo 0)" -gt 500000 ]; }
for signal in KILL INT; do
	background turn-futex -d 2s --pin=pack --timeline=$signal.cap -q
	holds "SIG$signal: it was recording" await recording $signal
	kill -$signal "$pid"
	ended "$([ $signal = KILL ] && echo 137 || echo 130)" "SIG$signal: it has ended"
	holds "SIG$signal: no process is left" all_gone
	relays python3 "$reader" cut $signal.cap
done

# Any single byte that is not as it was written is noticed, and what is before can be read.
exits 0 "damage is found where it is" python3 - "$reader" <<'PYTHON'
import subprocess, sys
whole = open("t.cap", "rb").read()
for at in range(16, len(whole), max(1, len(whole) // 50)):
    open("damaged.cap", "wb").write(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
    said = subprocess.run([sys.executable, sys.argv[1], "cut", "damaged.cap"], capture_output=True)
    if b"pass\tthe capture ends without an END" not in said.stdout:
        sys.exit("a byte at %d: %s" % (at, said))
PYTHON

done_testing
