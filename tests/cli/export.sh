#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --export writes files as -o does: known to be writable before anything is raced, whole or not at
# all, over nothing that was there.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

cd "$scratch" || exit 1
mkdir place
brief=("$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 --trace=off)
hour=("$TRACEBENCH" run mutex -d 3600s -r 1 --warmup=0 --trace=off)

exits 0 "a run exports" "${brief[@]}" -o s.json --export=json=place/a.json --export=json=place/b.json
is "$(ls -A place)" $'a.json\nb.json' "all files, and nothing beside them"
holds "they are the session" cmp s.json place/a.json
holds "each of them" cmp s.json place/b.json
like "$out" "^Linux" "and shows its table"
exits 0 "report exports" "$TRACEBENCH" report s.json --export=json=place/c.json
holds "the same" cmp s.json place/c.json
exits 0 "- as FILE is standard output" "$TRACEBENCH" report s.json --export=json=-
holds "on which there is nothing else" cmp s.json .out
exits 0 "of a run, too" "${brief[@]}" --export=json=-
holds "with no word of text" python3 -m json.tool .out

# misused NAME LINE OPTION...: exit 2, that one line, nothing written.
misused() {
	local name=$1 line=$2 before
	shift 2
	before=$(ls -lA --full-time place)
	for command in "run mutex -d 3600s --trace=off" "report s.json"; do
		# shellcheck disable=SC2086
		exits 2 "$name: refused (${command%% *})" timeout 60 "$TRACEBENCH" $command "$@"
		is "$err" "tracebench: $line" "$name: in one line that says why"
		nothing_out "$name: nothing is shown"
	done
	is "$(ls -lA --full-time place)" "$before" "$name: nothing is written"
}
kinds=$("$TRACEBENCH" report --help | sed -n '/^Exports:/,$p' | sed -n '2s/^  \(.*\)\.$/\1/p')
like "$kinds" "^json" "--help says which kinds there are"
misused "no FILE" "--export: 'json' is not of the form KIND=FILE" --export=json
misused "an empty FILE" "--export: 'json=' is not of the form KIND=FILE" --export=json=
misused "an unknown kind" "--export: 'jsn' is not one of $kinds" --export=jsn=place/x
misused "no kind" "--export: '' is not one of $kinds" --export==place/x
misused "one file twice" \
	"--export: 'json=place/x' is the file of 'json=place/x' as well: give each its own" \
	--export=json=place/x --export=json=place/x
misused "one file twice, by another way" \
	"--export: 'json=./place/../place/x' is the file of 'json=place/x' as well: give each its own" \
	--export=json=place/x --export=json=./place/../place/x
exits 2 "the session's own file is refused" "${hour[@]}" -o place/x --export=json=./place/x
is "$err" "tracebench: --export: 'json=./place/x' is the file of --output as well: give each its own" \
	"in one line that says why"

# refused NAME REGEX COMMAND...: exit 1, one line, nothing shown or written.
refused() {
	local name=$1 regex=$2 before
	shift 2
	before=$(ls -lA --full-time place)
	exits 1 "$name: refused" timeout 60 "$@"
	one_line "$name: in one line"
	like "$err" "^tracebench: $regex" "$name: which names it"
	nothing_out "$name: nothing is shown"
	is "$(ls -lA --full-time place)" "$before" "$name: nothing is written"
}
ln -s "$scratch/s.json" place/link
for command in run report; do
	if [ $command = run ]; then words=("${hour[@]}"); else words=("$TRACEBENCH" report s.json); fi
	refused "$command: what exists" "place/a\.json: exists; use --force" \
		"${words[@]}" --export=json=place/new --export=json=place/a.json
	refused "$command: a link" "place/link: .*link" "${words[@]}" --export=json=place/link --force
	refused "$command: no directory" "nowhere/x: " "${words[@]}" --export=json=nowhere/x
done
echo old >place/b.json
exits 0 "--force overwrites" "$TRACEBENCH" report s.json --export=json=place/b.json --force
holds "with the whole" cmp s.json place/b.json

exits 0 "the environment may ask for one" env TRACEBENCH_EXPORT=json=place/e.json "${brief[@]}"
holds "which is written" "$TRACEBENCH" report place/e.json

if [ "$(id -u)" -eq 0 ]; then
	make_public
	mkdir home roots
	chown 65534:65533 home
	chmod 711 "$scratch"
	chmod 700 roots
	sudo=(env SUDO_UID=65534 SUDO_GID=65533)
	exits 0 "by way of sudo it is exported" "${sudo[@]}" "${brief[@]}" --export=json=home/r.json
	is "$(stat -c %u:%g home/r.json)" 65534:65533 "and belongs to who called sudo"
	chmod 644 s.json
	exits 0 "by report as well" "${sudo[@]}" "$TRACEBENCH" report s.json --export=json=home/p.json
	is "$(stat -c %u:%g home/p.json)" 65534:65533 "and belongs to who called sudo"
	refused "by way of sudo, where its caller may not write" "roots/x: " \
		"${sudo[@]}" "$TRACEBENCH" report s.json --export=json=roots/x
	exits 0 "what root exports is root's wherever root may write" \
		"$TRACEBENCH" report s.json --export=json=roots/x
	is "$(stat -c %u:%g roots/x)" 0:0 "which is root's"
	exits 0 "in a run, too" "${brief[@]}" --export=json=roots/y --export=json=roots/z
	is "$(stat -c %u:%g roots/y roots/z)" $'0:0\n0:0' "all of them"
else
	skip "whose a file is" "only root can try"
fi

done_testing
