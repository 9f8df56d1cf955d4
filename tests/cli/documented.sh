#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the program has is documented, and nothing else is: every strategy in docs/strategies.md, below
# its family; options, their values, exit codes and the environment in the man page.
. "$(dirname "$0")/../lib/tap.sh"

sections=$(awk '/^## /{ family = $2; sub(":", "", family) } /^### /{ print family, $2 }' \
	"$root/docs/strategies.md")
listed=$("$TRACEBENCH" list --format=json |
	python3 -c 'import json, sys
for s in json.load(sys.stdin): print(s["family"], s["name"])')

is "$(sort <<<"$sections")" "$(sort <<<"$listed")" "each strategy has one section, below its family"
# Of something, for an empty section would do above.
is "$(awk '/^### /{ if (n == 0 && name) print name; name = $2; n = 0; next } NF { n++ }
	END { if (n == 0) print name }' "$root/docs/strategies.md")" "" "and each says something"

man=$root/docs/man/tracebench.1.adoc

# section HEADING FILE: what stands below "== HEADING", up to the next heading of its level or above.
section() {
	awk -v heading="$1" 'BEGIN { match(heading, /^=+/); level = RLENGTH }
		/^=+ / { match($0, /^=+/); if (RLENGTH <= level) inside = $0 == heading }
		inside' "$2"
}

# entries: of a man page's text, a line for each "*--name*...::" with all that is said there.
entries() {
	awk '/^\*-.*::$/ { if (entry) print entry; entry = $0; next }
		/^(=|[^*].*:$)/ { if (entry) print entry; entry = ""; next }
		entry && NF { entry = entry " " $0 }
		END { if (entry) print entry }'
}

# undocumented COMMAND: its options, values and words that the man page lacks, and the options that only
# the man page has.
undocumented() {
	local text entry kind name letter value choices choice form
	text=$(section "=== $1" "$man")
	"$TRACEBENCH" "$1" --words >"$scratch/words" || echo "--words fails"
	while read -r kind name letter value choices; do
		if [ "$kind" = word ] && [ "$1" != run ] && [[ $text != *"*$name*"* ]]; then
			echo "word $name"
		fi
		[ "$kind" = option ] || continue
		form="*--$name*"
		[ "$letter" = - ] || form="*-$letter*, $form"
		form+=$([ "$value" = - ] && echo '::' || echo '=')
		entry=$(entries <<<"$text" | awk -v form="$form" 'index($0, form) == 1')
		[ -n "$entry" ] || echo "option --$name"
		for choice in $choices; do
			[[ $entry == *"*${choice%=}*"* ]] || echo "value --$name=$choice"
		done
	done <"$scratch/words"
	entries <<<"$text" | sed -E 's/^(\*-.\*, )?\*--([a-z-]+)\*.*/\2/' |
		while read -r name; do
			grep -q "^option $name " "$scratch/words" || echo "gone: --$name"
		done
}

commands=$("$TRACEBENCH" --words | sed -n 's/^command //p')
is "$(grep -c . <<<"$commands")" "$(section '== COMMANDS' "$man" | grep -c '^=== ')" \
	"the man page has a section for every command"
for command in $commands; do
	is "$(undocumented "$command")" "" "the man page has all options, values and words of $command"
	like "$(section '== SYNOPSIS' "$man")" "${command}[*]" "and its synopsis"
done

# named OPTION SECTION: its values have entries of their own.
named() {
	local name
	"$TRACEBENCH" report --words | sed -n "s/^option $1 - [^ ]* //p" | tr ' ' '\n' |
		while read -r name; do
			section "== $2" "$man" | grep -qxF "*$name*::" || echo "$name"
		done
}
is "$(named format FORMATS)" "" "every format is explained"
is "$(named export FORMATS)" "" "and every kind of export"
is "$(named view VIEWS)" "" "and every view"

codes() { sort -n | tr '\n' ' '; }
returned=$(sed -nE 's/^\tEXIT_[A-Z_]+ = ([0-9]+),.*/\1/p' "$root/user/base/exit.h" | codes)
is "$(section '== EXIT STATUS' "$man" | sed -nE 's/^\*([0-9]+)\*::/\1/p' | codes)" "$returned" \
	"every exit code is explained"
like "$returned" "^0 1 2 " "there are some"

# Every name in capitals in a file that reads the environment.
read_names=$(grep -rlE 'getenv\(|environ\b' "$root/user" --include='*.c' | xargs -d '\n' \
	grep -ohE '"[A-Z][A-Z_]+=?"' | tr -d '"=' | sort -u)
like "$read_names" "COLUMNS" "the program reads its environment"
is "$(while read -r name; do
	section '== ENVIRONMENT' "$man" | grep '::$' | grep -qF "*$name" || echo "$name"
done <<<"$read_names")" "" "every environment variable is explained"

done_testing
