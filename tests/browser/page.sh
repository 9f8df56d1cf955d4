#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The HTML report in a real browser: from a file, with names that want to be more, of many results.

. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

"$BUILT/tests/made-up" >"$scratch/session.json" || exit 1
exits 0 "the page is made" "$TRACEBENCH" report "$scratch/session.json" --export=html="$scratch/first.html"
chromium=$(command -v chromium || command -v chromium-browser)
if [ -z "$chromium" ]; then
	not_ok "there is a browser" "install chromium, or run: make setup-full"
else
	relays python3 "$root/tests/browser/page.py" "$chromium" "$TRACEBENCH" "$scratch/session.json" "$scratch"
	note "$(cat "$scratch/.relayed-err")"
fi

done_testing
