#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A saved session is shown as the run itself showed it, by anybody; a file that is no session is
# refused in one line.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

file=$scratch/session.json
exits 0 "a session is saved" "$TRACEBENCH" run -d 20ms -r 2 --warmup=0 --mode=both -o "$file"
cp "$scratch/.out" "$scratch/table"

# shows WANT NAME COMMAND...: it exits with 0, and stdout is what the file WANT has, to the byte.
shows() {
	local want=$1 name=$2
	shift 2
	exits 0 "$name" "$@"
	holds "$name: to the byte" cmp "$scratch/.out" "$want"
	is "$err" "" "$name: and nothing else is said"
}

shows "$scratch/table" "report shows the table that the run printed" "$TRACEBENCH" report "$file"
shows "$file" "report --format=json is the file" "$TRACEBENCH" report --format=json "$file"
from_stdin() { "$TRACEBENCH" report "$@" <"$file"; }
shows "$scratch/table" "- is standard input" from_stdin -
shows "$file" "- as JSON, too" from_stdin - --format=json
from_pipe() { tail -c +1 "$file" | "$TRACEBENCH" report -; }
shows "$scratch/table" "and standard input may be a pipe" from_pipe

make_public
cp "$file" "$public/session.json"
chmod 644 "$public/session.json"
shows "$scratch/table" "whoever may read it is shown it" as_ordinary ./tracebench report session.json

# refused NAME REGEX COMMAND...: exit 1, one line that matches, nothing on stdout.
refused() {
	local name=$1 regex=$2
	shift 2
	exits 1 "$name: refused" "$@"
	one_line "$name: in one line"
	like "$err" "^tracebench: $regex" "$name: which names it"
	nothing_out "$name: nothing is shown"
}

cd "$scratch" || exit 1
refused "a missing file" "nowhere\.json: No such file" "$TRACEBENCH" report nowhere.json
refused "a directory" "public: .*directory" "$TRACEBENCH" report public
: >empty.json
refused "an empty file" "empty\.json:" "$TRACEBENCH" report empty.json
head -c "$(($(wc -c <"$file") / 2))" "$file" >half.json
refused "half a file" "half\.json:" "$TRACEBENCH" report half.json
sed 's|tracebench.session/1|tracebench.session/2|' "$file" >later.json
refused "another version's file" "later\.json: .*version 2" "$TRACEBENCH" report later.json
sed 's|tracebench.session/1|perfbench.session/1|' "$file" >foreign.json
refused "another program's file" "foreign\.json:" "$TRACEBENCH" report foreign.json
echo '[1, 2, 3]' >list.json
refused "JSON that is no session" "list\.json:" "$TRACEBENCH" report list.json
cp "$file" "$public/secret.json"
if [ "$(id -u)" -eq 0 ]; then
	chmod 600 "$public/secret.json"
else
	chmod 000 "$public/secret.json"
fi
refused "a file that one may not read" "secret\.json: Permission denied" \
	as_ordinary ./tracebench report secret.json
refused "half a session from a pipe" "standard input" "$TRACEBENCH" report - <half.json

# A flipped high bit is never UTF-8; a flipped low bit may leave another session, or none.
flips() {
	python3 - "$TRACEBENCH" "$file" <<-'EOF'
		import random, subprocess, sys
		program, path = sys.argv[1:]
		whole = open(path, "rb").read()
		dice = random.Random(20)
		wrong = []
		for i in range(80):
		    at, bit = dice.randrange(len(whole)), 0x80 if i % 2 else 1 << dice.randrange(7)
		    if bit == 0x80 and any(b > 0x7f for b in whole[at - 1:at + 2]):
		        continue
		    flipped = whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1:]
		    got = subprocess.run([program, "report", "-"], input=flipped, capture_output=True)
		    refused = got.returncode == 1 and not got.stdout and got.stderr.count(b"\n") == 1
		    shown = got.returncode == 0 and got.stdout and not got.stderr
		    if not (refused or shown and bit != 0x80):
		        wrong.append((at, hex(bit), got.returncode, got.stdout[:80], got.stderr[:200]))
		sys.exit("\n".join(map(repr, wrong)) if wrong else 0)
	EOF
}
holds "a file with a flipped bit is refused in one line, or still a session" flips

done_testing
