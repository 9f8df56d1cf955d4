#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Sessions of several hosts or days become one, in which nothing is lost and each result keeps its
# host; what is no session, or there twice, is refused in one line.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

cd "$scratch" || exit 1
# race HOST OPTION...: a session of this machine, which is then called so.
race() {
	local host=$1
	shift
	"$TRACEBENCH" run mutex sequential -d 20ms -r 2 --warmup=0 "$@" -o "$host.json" &&
		sed -i "0,/\"hostname\": .*/s//\"hostname\": \"$host\",/" "$host.json"
}
exits 0 "a session is saved" race one
exits 0 "and another one" race two
exits 0 "and a third, of another plan" race three -r 3 --trace=off

# merge FILE...: and where to.
merge() { "$TRACEBENCH" merge "$@"; }

exits 0 "two sessions are merged" merge one.json two.json -o both.json
is "$out$err" "" "without a word"
# What is said of a result stays; but for its source it is the same, integers and reals to the digit.
kept() {
	python3 - "$@" <<-'EOF'
		import json, sys
		def load(path):
		    # Text stands for every number: nothing is rounded here.
		    return json.load(open(path), parse_int=str, parse_float=str)
		merged, parts = load(sys.argv[1]), [load(path) for path in sys.argv[2:]]
		results, order = [], []
		for number, part in enumerate(parts):
		    source = merged["sources"][number]
		    first = len(results)
		    for turn in part["plan"]["order"]:
		        turn["result"] = str(int(turn["result"]) + first)
		    for key in source:
		        assert source[key] == part[key], (number, key)
		    assert set(part) - set(source) == {"schema", "results", "warnings"}, set(part)
		    results += [dict(result, source=str(number)) for result in part["results"]]
		assert merged["results"] == results
		assert len(merged["sources"]) == len(parts)
		assert len(merged["warnings"]) == sum(len(part["warnings"]) for part in parts)
	EOF
}
holds "every result and every plan is kept" kept both.json one.json two.json
holds "a host that differs is nobody's" said both.json "s['host']['hostname'] is None"
holds "what they agree on is everybody's" said both.json \
	"s['host']['kernel'] == s['sources'][0]['host']['kernel'] and p['repeats'] == 2"
exits 0 "it is shown" "$TRACEBENCH" report both.json
like "$out" "2 sessions of 2 hosts, the first of 20.*Z" "with how many there are"
like "$out" "STRATEGY     HOST " "with a column of hosts"
like "$out" "mutex +one .*mutex +two " "and a row for each"
for view in latency workers kernel locks budget; do
	exits 0 "--view=$view shows it" "$TRACEBENCH" report both.json --view=$view
	like "$out" " one .* two " "--view=$view tells the hosts apart"
done
exits 0 "as JSON" "$TRACEBENCH" report --format=json both.json
holds "it is the file, to the byte" cmp "$scratch/.out" both.json

exits 0 "plans may differ" merge one.json two.json three.json -o all.json
one_line "which is told in one line"
like "$err" "^tracebench: warning: the plans differ in .*repeats.*trace.*: each is kept with its source" \
	"with the keys"
exits 0 "and in the table" "$TRACEBENCH" report all.json
like "$out" "plans differ in .*repeats" "too"
exits 0 "-q says nothing" merge -q one.json two.json three.json -o - --force
is "$err" "" "of it"
holds "- is standard output: the same" cmp "$scratch/.out" all.json
exits 0 "a merged session is merged again" merge -q both.json three.json -o again.json
holds "to the same, to the byte" cmp again.json all.json
from_stdin() { merge -q one.json - three.json -o stdin.json <two.json; }
exits 0 "- is standard input" from_stdin
holds "with the same, to the byte" cmp stdin.json all.json
exits 0 "a key that nobody knows is no reason to refuse" \
	python3 -c 'import json
s = json.load(open("two.json"))
s["mood"] = s["results"][0]["mood"] = "good"
json.dump(s, open("mood.json", "w"), indent=2)'
exits 0 "it is read" merge one.json mood.json -o mood-all.json
holds "and not carried over" said mood-all.json "'mood' not in r[2] and 'mood' not in s"

# refused STATUS NAME REGEX COMMAND...: one line that matches, nothing on stdout, no file.
refused() {
	local status=$1 name=$2 regex=$3
	shift 3
	rm -f new.json
	exits "$status" "$name: refused" "$@"
	one_line "$name: in one line"
	like "$err" "^tracebench: $regex" "$name: which says why"
	nothing_out "$name: nothing is shown"
	holds "$name: nothing is saved" test ! -e new.json
	is "$(compgen -G '.tracebench*')" "" "$name: nothing is left"
}
refused 2 "no session" "merge: which sessions\?" merge -o new.json
refused 2 "no place" "merge: where to\?.*-o FILE" merge one.json two.json
refused 2 "standard input twice" "'-': standard input can be read once" merge - - -o new.json
refused 1 "a file that is there" "both.json: exists; use --force" merge one.json two.json -o both.json
refused 1 "a missing file" "nowhere.json: No such file" merge one.json nowhere.json -o new.json
cp one.json copy.json
refused 1 "a session twice" "copy.json: has the session of one of 20.*Z, which one.json has brought already" \
	merge one.json two.json copy.json -o new.json
refused 1 "one that is in a merged session" "one.json: has the session of one of .*, which all.json has" \
	merge all.json one.json -o new.json
head -c 20000 two.json >half.json
refused 1 "half a session" "half.json:[0-9]+:[0-9]+: " merge one.json half.json -o new.json
sed 's/"workers": 2,/"workers": "two",/' two.json >typed.json
refused 1 "a value of a wrong type" \
	"typed.json:[0-9]+: results\[[0-9]\].workers: found \"two\", expected a count or null" \
	merge one.json typed.json -o new.json
sed '0,/"source": 1/s//"source": 7/' both.json >stray.json
refused 1 "a result of no source" \
	"stray.json:[0-9]+: results\[[0-9]\].source: found 7, expected the position of one of the sources" \
	merge stray.json three.json -o new.json
sed 's/"warnings": \[/"source": 0,&/; 0,/"figures": \[/s//"source": 0, &/' one.json >alone.json
refused 1 "a source where there are none" \
	"alone.json:[0-9]+: results\[0\].source: found 0, expected none, as there are no sources" \
	merge alone.json two.json -o new.json

# Together they may have what one may: the file is refused at which that is passed.
long() {
	python3 - <<-'EOF'
		text = open("two.json").read().rstrip()
		with open("long.json", "w") as out:
		    out.write(text[:-1] + ', "filler": [')
		    for i in range(260):
		        out.write(" " * (1 << 20))
		    out.write("0]}")
	EOF
}
exits 0 "a file of 260 MiB" long
refused 1 "more than a session may have" "long.json: more than the 256 MiB that a session may have" \
	merge one.json long.json -o new.json
rm -f long.json

# Hundreds at once, more than a process may usually have open.
hundreds() {
	local i files=()
	for ((i = 0; i < 300; i++)); do
		sed "0,/\"hostname\": .*/s//\"hostname\": \"node$i\",/" three.json >"many$i.json"
		files+=("many$i.json")
	done
	(ulimit -Sn 64 && merge "${files[@]}" -o hundreds.json)
}
exits 0 "three hundred sessions are merged" hundreds
holds "all of them are in" said hundreds.json \
	"len(s['sources']) == 300 and len(r) == 600 and r[599]['source'] == 299"
exits 0 "and shown" "$TRACEBENCH" report hundreds.json
like "$out" "node0, node1, node2, node3 and 296 more: Linux" "machines that are alike on one line"

# Whose the files are.
make_public
cp one.json two.json "$public/"
chmod 644 "$public"/*.json
exits 0 "whoever may read them merges them" \
	as_ordinary ./tracebench merge one.json two.json -o both.json
holds "to the same, to the byte" cmp "$public/both.json" both.json
if [ "$(id -u)" -eq 0 ]; then
	chmod 600 one.json two.json
	exits 0 "root merges what only root may read" merge one.json two.json -o mine.json
	is "$(stat -c %u mine.json)" 0 "into a file of root's"
	chmod 600 "$public/one.json"
	exits 1 "nobody else does" as_ordinary ./tracebench merge one.json two.json -o no.json
	like "$err" "one.json: Permission denied" "and is told why"
else
	skip "root merges what only root may read" "only root is"
fi

done_testing
