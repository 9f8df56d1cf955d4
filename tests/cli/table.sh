#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The table suits where it goes: its width, its colours, its characters.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

file=$scratch/session.json
exits 0 "a session with many columns is saved" \
	"$TRACEBENCH" run -w 1,2,10 --mode=both -d 20ms -r 1 --warmup=0 -o "$file" \
	sequential none mutex

# widest FILE: the columns of its widest line, without escapes and what a \r takes back.
widest() {
	python3 -c '
import re, sys
lines = open(sys.argv[1], encoding="utf-8", newline="").read().replace("\r\n", "\n").split("\n")
plain = [re.sub("\x1b\\[[0-9;?]*[A-Za-z]", "", line).split("\r")[-1] for line in lines]
print(max(map(len, plain)))' "$1"
}
# fits FILE COLUMNS NAME
fits() {
	local got
	got=$(widest "$1")
	if [ "${got:-999}" -le "$2" ] && [ "$got" -gt 0 ]; then
		ok "$3"
	else
		not_ok "$3" "the widest line has '$got' columns"
	fi
}
escapes() { grep -c $'\e' "$1"; }

report=("$TRACEBENCH" report "$file")
utf8=(env LC_ALL=C.UTF-8)
exits 0 "it is shown" "${utf8[@]}" TERM=xterm "${report[@]}"
cp "$scratch/.out" "$scratch/piped"
fits "$scratch/piped" 100 "piped, no line exceeds 100 columns"
is "$(escapes "$scratch/piped")" 0 "piped, there is no escape code"
is "$(grep -c '[[:blank:]]$' "$scratch/piped")" 0 "no line ends in blanks"
exits 0 "FORCE_COLOR=1" "${utf8[@]}" FORCE_COLOR=1 "${report[@]}"
unlike "$(escapes "$scratch/.out")" '^0$' "FORCE_COLOR=1 colours even a pipe"
is "$(sed 's/\x1b\[[0-9;]*m//g' "$scratch/.out")" "$(cat "$scratch/piped")" "and changes nothing else"
exits 0 "NO_COLOR and FORCE_COLOR" "${utf8[@]}" NO_COLOR=1 FORCE_COLOR=1 "${report[@]}"
is "$(escapes "$scratch/.out")" 0 "NO_COLOR wins"
exits 0 "--no-color and FORCE_COLOR" "${utf8[@]}" FORCE_COLOR=1 "${report[@]}" --no-color
is "$(escapes "$scratch/.out")" 0 "--no-color wins"
exits 0 "JSON and FORCE_COLOR" env FORCE_COLOR=1 "${report[@]}" --format=json
is "$(escapes "$scratch/.out")" 0 "JSON is never coloured"

exits 0 "LANG=C" env -u LC_ALL -u LC_CTYPE LANG=C "${report[@]}"
is "$(LC_ALL=C grep -c '[^ -~]' "$scratch/.out")" 0 "LANG=C gives pure ASCII"
fits "$scratch/.out" 100 "of at most 100 columns"
unlike "$(LC_ALL=C grep -c '[^ -~]' "$scratch/piped")" '^0$' "UTF-8 gives more"

# in_terminal COLUMNS COMMAND...: what it writes to a terminal of that width; exits as it does.
in_terminal() {
	python3 - "$@" <<-'EOF'
		import fcntl, os, pty, struct, sys, termios
		pid, fd = pty.fork()
		if pid == 0:
		    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
		    os.execvp(sys.argv[2], sys.argv[2:])
		while True:
		    try:
		        written = os.read(fd, 65536)
		    except OSError:
		        break
		    if not written:
		        break
		    os.write(1, written)
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	EOF
}
# The progress that was shown, a line for each time; between races it is written over.
steps() {
	tr '\r' '\n' <"$scratch/.out" | sed -n 's/^\x1b\[K\( *[0-9]* %.*\)/\1/p'
}
for columns in 80 100 160; do
	exits 0 "a terminal of $columns columns" \
		in_terminal $columns "${utf8[@]}" TERM=xterm "${report[@]}"
	fits "$scratch/.out" $columns "no line is wider than $columns columns"
	unlike "$(escapes "$scratch/.out")" '^0$' "in colour ($columns columns)"
done
exits 0 "a run in a terminal" in_terminal 80 "${utf8[@]}" TERM=xterm \
	"$TRACEBENCH" run mutex sequential -d 20ms -r 2 --latency=0 --trace=off
fits "$scratch/.out" 80 "no line of it is wider, progress included"
is "$(steps | grep -vcE '^ *[0-9]+ %  (sequential, 1 thread|mutex, 2 threads)  about [0-9]+ s left$')" 0 \
	"before each race it says how far it is, what is raced and how long it will take"
is "$(steps | wc -l)" 6 "and says nothing more: not while one is on"
is "$(steps | sed 's/ %.*//' | sort -n | paste -sd' ')" \
	"$(steps | sed 's/ %.*//' | paste -sd' ')" "and never goes back"
exits 0 "a run that takes longer" in_terminal 80 "${utf8[@]}" TERM=xterm \
	"$TRACEBENCH" run mutex -w 2 -m processes -d 1500ms -r 2 --warmup=0 --latency=0 --trace=off
like "$(steps)" "^  0 %  mutex, 2 processes  about 3 s left"$'\n'" 50 %  mutex, 2 processes  about [0-9]+ s left$" \
	"and says so"
exits 0 "a run of fixed work" in_terminal 80 "${utf8[@]}" TERM=xterm \
	"$TRACEBENCH" run mutex -w 2 -n 1000 -r 2 --warmup=0 --latency=0 --trace=off
like "$(steps)" "^  0 %  mutex, 2 threads *"$'\n'" 50 %  mutex, 2 threads  about [0-9]+ s left$" \
	"knows how long that takes when it was done once"
exits 0 "a run in a narrow terminal" in_terminal 20 "${utf8[@]}" TERM=xterm \
	"$TRACEBENCH" run mutex -w 2 -d 20ms -r 2 --warmup=0 --latency=0 --trace=off
is "$(steps | awk '{ if (length($0) > most) most = length($0) } END { print most }')" 19 \
	"progress is cut to the terminal"
for what in NO_COLOR=1 TERM=dumb; do
	exits 0 "a terminal with $what" in_terminal 80 "${utf8[@]}" TERM=xterm "$what" "${report[@]}"
	is "$(escapes "$scratch/.out")" 0 "$what: no escape code in a terminal"
done
exits 0 "a run on TERM=dumb" in_terminal 80 env TERM=dumb \
	"$TRACEBENCH" run mutex -d 20ms -r 2 --trace=off
is "$(escapes "$scratch/.out")" 0 "a run on TERM=dumb shows no progress either"
exits 0 "a terminal of 20 columns" in_terminal 20 "${utf8[@]}" TERM=xterm "${report[@]}"

for command in run list doctor report; do
	exits 0 "$command --help" "$TRACEBENCH" $command --help
	fits "$scratch/.out" 100 "$command --help: fits in 100 columns"
	like "$out" "^Usage: tracebench.*"$'\n'"Examples:"$'\n'".*"$'\n'"[A-Z][a-z ]*:"$'\n'" +(-.*)?--" \
		"$command --help: has examples before options"
	is "$err" "" "$command --help: says it all on stdout"
done
exits 0 "--help" "$TRACEBENCH" --help
is "$out" "$("$TRACEBENCH" run --help)" "--help is run's"
exits 0 "--version" "$TRACEBENCH" --version
like "$out" '^tracebench [0-9]+\.[0-9]+\.[0-9]+[^'$'\n'']*$' "--version is one line"
exits 0 "list in a terminal" in_terminal 80 "${utf8[@]}" TERM=xterm "$TRACEBENCH" list
fits "$scratch/.out" 80 "no line of the list is wider"

done_testing
