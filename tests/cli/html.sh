#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --export=html: a page of its own, or, from a program that was built without Node.js, a line that says
# what to install, before anything is raced. tests/browser opens the pages.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

cd "$scratch" || exit 1
exits 0 "a session" "$TRACEBENCH" run mutex -d 20ms -r 1 --warmup=0 --trace=off -o s.json

without=$BUILT/tests/without-html
line="tracebench: --export: 'html' is not in this program, which was built without Node.js: \
install nodejs and npm, then \`make html\` and \`make\`"
exits 2 "built without, a run refuses" timeout 60 "$without" run mutex -d 3600s --export=html=page.html
is "$err" "$line" "in one line that says what to install"
nothing_out "and nothing is shown"
exits 2 "report refuses" "$without" report s.json --export=html=page.html
is "$err" "$line" "in the same line"
is "$(ls)" "s.json" "no file is left"
exits 0 "all else works" "$without" report s.json --export=json=again.json
holds "as it does" cmp s.json again.json

if "$TRACEBENCH" report s.json --export=html=page.html >/dev/null 2>.why; then
	ok "built with, it is written"
	like "$(head -c 200 page.html)" "^<!doctype html>" "and is a page"
	unlike "$(grep -oE '(src|href|action)="[^#][^"]*"' page.html)" "." "that refers to nothing outside"
	like "$(<page.html)" "Apache License" "and carries the licences of what draws it"
	unlike "$(<page.html)" "sourceMappingURL" "and asks for no source map"
else
	is "$(<.why)" "$line" "built without, it says so"
	skip "the page" "this program was built without Node.js"
fi

done_testing
