#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Where a session goes is settled before anything is raced: what cannot be written is refused at
# once, in one line, and leaves nothing behind.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

place=$scratch/place
mkdir "$place"
cd "$place" || exit 1

# unraced COMMAND...: as the command exits, or 99 as soon as it has forked: that is a race.
unraced() {
	local pid
	# The leak check of a sanitized build forks as well, at the exit.
	ASAN_OPTIONS=detect_leaks=0 "$@" &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		if pgrep -P "$pid" >/dev/null; then
			kill -TERM "$pid"
			wait "$pid"
			return 99
		fi
		sleep 0.01
	done
	wait "$pid"
}
hour=("$TRACEBENCH" run mutex -d 3600s -r 1 --warmup=0 --trace=off)
brief=("$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 --trace=off)

# refused NAME REGEX COMMAND...: exit 1, one line, nothing on stdout, and $place is as it was.
refused() {
	local name=$1 regex=$2 before
	shift 2
	before=$(ls -lA --full-time "$place")
	exits 1 "$name: refused before racing" unraced "$@"
	one_line "$name: in one line"
	like "$err" "^tracebench: $regex" "$name: which names it"
	nothing_out "$name: nothing is on stdout"
	is "$(ls -lA --full-time "$place")" "$before" "$name: nothing is left behind"
}

echo precious >existing
mkdir directory
ln -s "$place/existing" link
ln -s "$place/nowhere" dangling
mkfifo fifo
refused "a missing directory" "missing/s\.json: " "${hour[@]}" -o missing/s.json
refused "an existing file" "existing: .*--force" "${hour[@]}" -o existing
refused "a directory" "directory: " "${hour[@]}" -o directory
refused "a directory, with --force" "directory: " "${hour[@]}" -o directory --force
refused "a name that ends in a slash" "directory/: " "${hour[@]}" -o directory/
refused "a symbolic link" "link: .*link" "${hour[@]}" -o link
refused "a symbolic link, with --force" "link: .*link" "${hour[@]}" -o link --force
refused "a dangling link" "dangling: .*link" "${hour[@]}" -o dangling
refused "a FIFO" "fifo: " "${hour[@]}" -o fifo --force
refused "a device" "/dev/full: " "${hour[@]}" -o /dev/full --force
is "$(cat existing)" precious "the existing file is as it was"

make_public
if [ "$(id -u)" -eq 0 ]; then
	mkdir "$public/locked"
	cd "$public" || exit 1
	refused "a directory that one may not write to" "locked/s\.json: " \
		setpriv --reuid=65534 --regid=65534 --clear-groups \
		./tracebench run mutex -d 3600s -r 1 --warmup=0 --trace=off -o locked/s.json
	cd "$place" || exit 1
fi

# shellcheck disable=SC2016
closed=(bash -c 'exec "$@" >&-' bash)
refused "a closed stdout" "standard output: " "${closed[@]}" "${hour[@]}"
# shellcheck disable=SC2016
full=(bash -c 'exec "$@" >/dev/full' bash)
refused "a full stdout" "standard output: " "${full[@]}" "${hour[@]}"
for format in table json; do
	exits 1 "a full stdout fails ($format)" "${full[@]}" "${brief[@]}" --format=$format
	one_line "in one line ($format)"
	like "$err" "standard output.*No space left on device" "which says why ($format)"
done

# A disk that fills up while the file is written, or as good as that.
before=$(ls -A "$place")
# shellcheck disable=SC2016
exits 1 "a file that does not fit fails" bash -c 'trap "" XFSZ; ulimit -f 1; exec "$@" >/dev/null' bash \
	"${brief[@]}" atomic pipe none -r 3 -o large.json
one_line "in one line"
like "$err" "large\.json: .*too large" "which says why"
is "$(ls -A "$place")" "$before" "and neither it nor a temporary file is left"

exits 0 "a new file is written" "${brief[@]}" -o new.json
is "$(ls -A "$place")" "$before"$'\n'new.json "and nothing beside it"
holds "it is a session" "$TRACEBENCH" report new.json
sum=$(sha256sum <new.json)
exits 1 "it is not overwritten" "${brief[@]}" -o new.json
is "$(sha256sum <new.json)" "$sum" "but stays as it is"
ln new.json other-name.json
exits 0 "--force overwrites it" "${brief[@]}" -o new.json --force
holds "with a session" "$TRACEBENCH" report new.json
unlike "$(sha256sum <new.json)" "$sum" "a new one"
is "$(sha256sum <other-name.json)" "$sum" "by renaming: who has the old one open keeps it"
rm new.json other-name.json

exits 0 "- as FILE is stdout" "${brief[@]}" -o - --format=json
holds "and there is one session on it, and nothing else" python3 -m json.tool "$scratch/.out"
exits 0 "- as FILE with the table" "${brief[@]}" -o -
holds "leaves no word of text in the JSON" python3 -m json.tool "$scratch/.out"

if [ "$(id -u)" -eq 0 ]; then
	mkdir home
	chown 65534:65533 home
	chmod 755 "$place"
	chmod 711 "$scratch"
	sudo=(env SUDO_UID=65534 SUDO_GID=65533)
	exits 0 "by way of sudo it is saved" "${sudo[@]}" "${brief[@]}" -o home/s.json
	is "$(stat -c '%u:%g' home/s.json)" 65534:65533 "and belongs to who called sudo"
	refused "by way of sudo, where its caller may not write" "s\.json: " \
		"${sudo[@]}" "${hour[@]}" -o s.json
	rm -r home
else
	skip "the file belongs to who called sudo" "only root can try"
fi

# A reader that goes away early.  64 KiB fit into a pipe, and this session is larger.
session=$scratch/large.json
"$TRACEBENCH" run -w 1,2,3 --mode=both -d 20ms -r 4 --trace=off -o "$session" >/dev/null
if [ "$(wc -c <"$session")" -le 65536 ]; then
	not_ok "a session is larger than a pipe" "$(wc -c <"$session") bytes"
fi
first=$("$TRACEBENCH" report --format=json "$session" 2>"$scratch/.err" | head -n 1)
is "$first" "{" "who wants one line gets one"
is "$(cat "$scratch/.err")" "" "and nothing is said when the reader leaves"
"$TRACEBENCH" run -w 1,2,3 --mode=both -d 20ms -r 4 --trace=off --format=json -o kept.json \
	2>"$scratch/.err" | head -c 1 >/dev/null
is "$(cat "$scratch/.err")" "" "nor in a run"
holds "which has saved its file before" "$TRACEBENCH" report kept.json
rm kept.json
is "$(ls -A "$place")" "$before" "nothing is left behind of it all"

done_testing
