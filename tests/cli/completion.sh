#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What bash offers at the end of a line that begins with tracebench.
. "$(dirname "$0")/../lib/tap.sh"

# The program under test is found by its name, as an installed one is.
mkdir "$scratch/bin"
ln -s "$TRACEBENCH" "$scratch/bin/tracebench"
PATH=$scratch/bin:$PATH
export PATH

# shellcheck source=../../completions/tracebench.bash
. "$root/completions/tracebench.bash"

# completed WORD...: what is offered for the last of these, in order and one a line; words as bash
# splits them, "--pin=pa" into three.
completed() {
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	COMPREPLY=()
	_tracebench tracebench "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
	printf '%s\n' "${COMPREPLY[@]}" | sort
}

lines() { printf '%s\n' "$@" | sort; }

# options_of COMMAND: as its help has them, up to the value.
options_of() {
	"$TRACEBENCH" "$1" --help | sed -nE 's/^  (    |-., )(--[a-z-]+=?).*/\2/p' | sort
}

listed=$("$TRACEBENCH" list --format=json | python3 -c 'import json, sys
all = json.load(sys.stdin)
print(*sorted({s["name"] for s in all} | {s["family"] for s in all} | {"all"}), sep="\n")')
commands=$("$TRACEBENCH" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')

is "$(completed tracebench '')" "$(sort <<<"$commands"$'\n'"$listed")" \
	"the first word is a command, a strategy or a family"
is "$(completed tracebench mutex '')" "$(sort <<<"$listed")" "later ones are no commands"
is "$(completed tracebench run pipe-d)" "pipe-duplex" "a word is completed"

for command in $commands; do
	is "$(completed tracebench "$command" --)" "$(options_of "$command")" \
		"$command has the options of its help"
done
is "$(completed tracebench --)" "$(options_of run)" "and without a command those of run"

is "$(completed tracebench --mode = '')" "$(lines threads processes both)" "values are offered"
is "$(completed tracebench --pin = s)" "$(lines smt spread)" "and completed"
is "$(completed tracebench -m pro)" "processes" "behind a short option too"
is "$(completed tracebench run --view b)" "budget" "and behind a long one without '='"
is "$(completed tracebench --batch = '')" "all" "of a count or all, all"
is "$(completed tracebench --workers = '')" "" "and of a number nothing"
is "$(completed tracebench --scan = b)" "batch=" "a scan's key goes on"
is "$(completed tracebench --probe = futex = fe)" "fexit" "a value may hold '='"
is "$(completed tracebench --probe = futex = fexit,sto)" "$(lines fexit,storage=task fexit,storage=hash)" \
	"and be a list"
is "$(completed tracebench doctor --can = '')" "trace" "each command has its own"
is "$(completed tracebench reentry mut)" "mutex" "locks of reentry"
is "$(completed tracebench spawn vf)" "vfork+exec" "methods of spawn"

cd "$scratch" || exit 1
touch monday.json 'two words.json'
is "$(completed tracebench report mon)" "monday.json" "report takes files"
is "$(completed tracebench report two)" "two words.json" "with blanks in their names too"
is "$(completed tracebench -o mon)" "monday.json" "so does -o"
is "$(completed tracebench --output = mon)" "monday.json" "and --output="
is "$(completed tracebench -- mutex-e)" "mutex-errorcheck" "-- is no option's"

# The forms that an option's value may have, whether one of this program's has it or not.
mkdir "$scratch/forms"
cat >"$scratch/forms/tracebench" <<'END'
#!/bin/sh
echo 'option copies c KIND=FILE csv html'
END
chmod +x "$scratch/forms/tracebench"
PATH=$scratch/forms:$PATH
hash -r
is "$(completed tracebench --copies = h)" "html=" "a kind goes on"
is "$(completed tracebench --copies = html = mon)" "monday.json" "with a file"
is "$(completed tracebench -c html = mon)" "monday.json" "behind a short option too"

# A bash of its own, that no terminal, start-up file or variable of the caller's has prepared.
is "$(env -i PATH="$PATH" bash --norc --noprofile -uc \
	". '$root/completions/tracebench.bash'; complete -p tracebench")" \
	"complete -F _tracebench tracebench" "it is registered by being read"

done_testing
