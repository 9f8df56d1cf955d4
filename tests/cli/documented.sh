#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every strategy has its section in docs/strategies.md, below its family, and no other has.
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

done_testing
