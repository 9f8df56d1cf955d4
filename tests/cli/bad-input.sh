#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Whatever is wrong with what the user typed, set or wrote: exactly one line on stderr that names
# it, nothing on stdout, exit code 2.
. "$(dirname "$0")/../lib/tap.sh"

# No option comes from outside, nor any colour.
for name in $(compgen -e TRACEBENCH_); do
	unset "$name"
done
export XDG_CONFIG_HOME=$scratch/config
config=$XDG_CONFIG_HOME/tracebench/config
mkdir -p "$(dirname "$config")"

# refused NAME WANT COMMAND...: one promise, tried in all its parts.
refused() {
	local name=$1 want="tracebench: $2" got
	shift 2
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	got=$?
	# The comparison is with the file, final newline included, so that a second line shows.
	if [ $got -eq 2 ] && [ ! -s "$scratch/out" ] &&
		printf '%s\n' "$want" | cmp -s - "$scratch/err"; then
		ok "$name"
	else
		not_ok "$name" "$*"$'\n'"exit status $got"$'\n'"want: $want"$'\n'"stderr: $(
			cat "$scratch/err"
		)"$'\n'"stdout: $(head -n 5 "$scratch/out")"
	fi
}

times="is not a time from 1ms to 3600s (units: ns us ms s)"

# What is typed.
refused "workers: zero" "--workers: '0' is not a count from 1 to 1024" "$TRACEBENCH" -w 0
refused "workers: too many" "--workers: '1025' is not a count from 1 to 1024" \
	"$TRACEBENCH" run --workers=1025
refused "workers: a bad one in a list" "--workers: 'x' is not a count from 1 to 1024" \
	"$TRACEBENCH" --workers=2,x
refused "workers: one twice" "--workers: '2,2' names 2 twice" "$TRACEBENCH" -w2,2
refused "mode" "--mode: 'fibers' is not one of threads, processes, both" "$TRACEBENCH" -m fibers
refused "duration: no unit" "--duration: '5' $times" "$TRACEBENCH" -d 5
refused "duration: too short" "--duration: '1ns' $times" "$TRACEBENCH" -d 1ns
refused "duration: negative" "--duration: '-1s' $times" "$TRACEBENCH" --duration=-1s
refused "duration: overflow" "--duration: '99999999999999999999s' $times" \
	"$TRACEBENCH" -d 99999999999999999999s
refused "iterations" "--iterations: '1e6' is not a count from 1 to 1000G" "$TRACEBENCH" -n 1e6
refused "batch" "--batch: '0' is not a count from 1 to 1G, or 'all'" "$TRACEBENCH" -b 0
refused "repeats" "--repeats: '' is not a count from 1 to 10000" "$TRACEBENCH" --repeats=
refused "warmup" "--warmup: '1001' is not a count from 0 to 1000" "$TRACEBENCH" --warmup 1001
refused "timeout" "--timeout: '0s' is not a time from 1ms to 86400s (units: ns us ms s)" \
	"$TRACEBENCH" --timeout=0s
refused "seed" "--seed: '-1' is not a count from 0 to 9223372036854775807" "$TRACEBENCH" --seed=-1
refused "pin: a word" \
	"--pin: 'numa' is not one of spread, pack, smt, l3, none, nor a list of CPUs such as 0,2-3" \
	"$TRACEBENCH" --pin=numa
refused "trace" "--trace: 'maybe' is not one of auto, require, off" "$TRACEBENCH" --trace=maybe
refused "preset" "--preset: 'sead' is not one of seed, quick, full" "$TRACEBENCH" --preset=sead
refused "format" "--format: 'xml' is not one of table, plain, json, ndjson, csv, markdown" "$TRACEBENCH" --format=xml
refused "output" "--output: '' is not a name: give FILE" "$TRACEBENCH" -o ''

refused "an unknown option, with a guess" \
	"'--forse' is not an option; did you mean '--force'? (tracebench --help)" \
	"$TRACEBENCH" --forse
refused "an unknown option, without" "'--usage' is not an option (tracebench --help)" \
	"$TRACEBENCH" --usage
refused "an unknown letter" "'-Z' is not an option (tracebench --help)" "$TRACEBENCH" -qZ
refused "an ambiguous abbreviation" \
	"'--no' may mean any of --no-color, --no-progress: write it out" "$TRACEBENCH" --no
refused "a missing value" "--workers: its value is missing: give --workers=N[,N...]" \
	"$TRACEBENCH" mutex -w
refused "a superfluous value" "--force: 'yes' is too much: it takes no value" \
	"$TRACEBENCH" --force=yes
refused "the first of several mistakes" "--workers: '0' is not a count from 1 to 1024" \
	"$TRACEBENCH" -w 0 --foo -d 5

refused "time and work" \
	"--duration: contradicts --iterations: a race ends by time or by work done, give one of them" \
	"$TRACEBENCH" -d 1s -n 5
refused "one batch and time" \
	"--batch: 'all' contradicts --duration: the first worker to get the lock would hold it until the time is up: give --iterations=N" \
	"$TRACEBENCH" -d 1s -b all
refused "one batch, of a preset, and time" \
	"--preset: batch: 'all' contradicts --duration: the first worker to get the lock would hold it until the time is up: give --iterations=N" \
	"$TRACEBENCH" --preset=seed -d 1s

refused "an unknown strategy, with a guess" \
	"no strategy or family 'mutx'; did you mean 'mutex'? (tracebench list)" "$TRACEBENCH" run mutx
refused "an unknown strategy, without" "no strategy or family 'xyzzy' (tracebench list)" \
	"$TRACEBENCH" mutex xyzzy
refused "a first word that is no command is a strategy" "no strategy or family 'frobnicate' (tracebench list)" \
	"$TRACEBENCH" frobnicate
refused "an empty name" "no strategy or family '' (tracebench list)" "$TRACEBENCH" ''

exits 2 "pin: a CPU that is not there" "$TRACEBENCH" mutex --pin=8191
like "$err" "^tracebench: --pin: '8191' names CPU 8191, which this process may not use: choose from [0-9,-]+\$" \
	"and the allowed ones are named, in one line"
is "$out" "" "and nothing is on stdout"

# A machine may have what these need: then they are followed.
for shared in smt l3; do
	if "$TRACEBENCH" sequential -d 20ms -r 1 --warmup=0 --trace=off -q --pin=$shared \
		>"$scratch/out" 2>"$scratch/err"; then
		ok "pin: $shared is here"
	else
		is "$(grep -c "^tracebench: --pin: '$shared' needs .*: choose spread, pack or CPUs\$" \
			"$scratch/err") $(grep -c '' "$scratch/err") $(wc -c <"$scratch/out")" \
			"1 1 0" "pin: one line says why $shared is not"
	fi
done

refused "list: an option" "'--workers' is not an option (tracebench --help)" \
	"$TRACEBENCH" list --workers=2
refused "list: a value" "--format: 'csv' is not one of table, json" "$TRACEBENCH" list --format=csv
refused "report: a second word" "'b': one session at a time; 'a' is named already" \
	"$TRACEBENCH" report a b
refused "list: a word" "'mutex' is too much: only options are expected here" \
	"$TRACEBENCH" list mutex

# What is set.
refused "a variable" "TRACEBENCH_WORKERS: '0' is not a count from 1 to 1024" \
	env TRACEBENCH_WORKERS=0 "$TRACEBENCH"
refused "variables that contradict each other" \
	"TRACEBENCH_DURATION: contradicts --iterations: a race ends by time or by work done, give one of them" \
	env TRACEBENCH_DURATION=1s TRACEBENCH_ITERATIONS=5 "$TRACEBENCH"

# What is written.
printf '# mine\nworkers = 0\n' >"$config"
refused "config: a value" "$config:2: workers: '0' is not a count from 1 to 1024" "$TRACEBENCH"
echo 'wrokers = 2' >"$config"
refused "config: a name" "$config:1: 'wrokers' is not an option; did you mean 'workers'?" \
	"$TRACEBENCH"
echo 'workers 2' >"$config"
refused "config: its form" "$config:1: 'workers 2' is not of the form 'name = value'" "$TRACEBENCH"
echo 'force = yes' >"$config"
refused "config: a switch" "$config:1: 'force' takes no value: give --force on the command line" \
	"$TRACEBENCH"

# And what is answered in spite of it.
exits 0 "help is given whatever the config file says" "$TRACEBENCH" --help
like "$out" "^Usage: tracebench" "help goes to stdout"
is "$err" "" "and nothing to stderr"
exits 0 "the version is given" "$TRACEBENCH" -V
like "$out" "^tracebench [0-9]+\.[0-9]+\.[0-9]+" "and is one"

done_testing
