# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# TAP for shell tests.  A test begins with
#
#	#!/bin/bash
#	# SPDX-License-Identifier: GPL-3.0-or-later
#	. "$(dirname "$0")/../lib/tap.sh"
#
# calls the functions below once per promise, and ends with `done_testing`,
# without which the runner counts it as failed.
#
# It finds:
#	$root		the top of the checkout
#	$TRACEBENCH	the program under test, as an absolute path
#	$scratch	an empty directory that goes away at the end
#	$out, $err	what the last `exits` wrote to stdout and stderr

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export TRACEBENCH=${TRACEBENCH:-$root/tracebench}
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
out='' err=''

tap_run=0
tap_failed=0

# ok NAME: it holds.
ok() {
	tap_run=$((tap_run + 1))
	echo "ok $tap_run - $1"
}

# not_ok NAME [DETAIL]: it does not, and this is what was seen.
not_ok() {
	tap_run=$((tap_run + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_run - $1"
	if [ $# -gt 1 ]; then
		note "$2"
	fi
}

# skip NAME WHY: it cannot be tried here.  A WHY that starts with "bpf:" is a
# failure where the environment says REQUIRE=bpf.
skip() {
	tap_run=$((tap_run + 1))
	echo "ok $tap_run - $1 # SKIP $2"
}

# note TEXT: for the reader; shown only below a failure.
note() {
	printf '%s\n' "$1" | sed 's/^/# /'
}

# is GOT WANT NAME: the two texts are the same.
is() {
	if [ "$1" = "$2" ]; then
		ok "$3"
	else
		not_ok "$3" "got:  $1"$'\n'"want: $2"
	fi
}

# like GOT REGEX NAME: the extended regular expression matches somewhere.
like() {
	if [[ $1 =~ $2 ]]; then
		ok "$3"
	else
		not_ok "$3" "got:        $1"$'\n'"want match: $2"
	fi
}

# unlike GOT REGEX NAME: it matches nowhere.
unlike() {
	if [[ $1 =~ $2 ]]; then
		not_ok "$3" "got:           $1"$'\n'"want no match: $2"
	else
		ok "$3"
	fi
}

# holds NAME COMMAND...: the command succeeds.
holds() {
	local name=$1 said
	shift
	if said=$("$@" 2>&1); then
		ok "$name"
	else
		not_ok "$name" "failed: $*"$'\n'"$said"
	fi
}

# exits STATUS NAME COMMAND...: the command exits so; fills $out and $err.
# shellcheck disable=SC2034
exits() {
	local want=$1 name=$2 got
	shift 2
	"$@" >"$scratch/.out" 2>"$scratch/.err"
	got=$?
	out=$(<"$scratch/.out")
	err=$(<"$scratch/.err")
	if [ "$got" -eq "$want" ]; then
		ok "$name"
	else
		not_ok "$name" "$*"$'\n'"exit status: $got, want $want"$'\n'"stderr: $err"
	fi
}

# The last command of every test: prints the plan and ends it.
done_testing() {
	echo "1..$tap_run"
	[ "$tap_failed" -eq 0 ]
	exit
}
