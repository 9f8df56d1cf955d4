#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Every model of this folder, checked exhaustively by spin: it holds, in every order of steps and
# with every step taken in some, and does not with the bug that -DBUG plants.  A model is of one or several files as they were when it was last compared
# with them, which it says in its head, a line each:
#
#	Model of user/strategy/futex_mutex.h as of 0123456789ab
#
# When the code changes, this fails and says what to write there once the model has been made to
# follow.  Comments and blanks do not count.  A line `Variants: -DPERMITS=2 ...` names what else to
# check it with.
. "$(dirname "$0")/../lib/tap.sh"

models=$root/tests/models

# print_of FILE: what the text of the code is known by.
print_of() {
	gcc -fpreprocessed -dD -E -P -x c "$1" | tr -d '[:space:]' | sha256sum | cut -c 1-12
}

# check MODEL [-DNAME...]: leaves spin's account in $scratch/account.  Exit status 0: all states
# were seen, none was wrong and no step is never taken; 1: a state was wrong; 2: neither.
check() {
	local model=$1 errors
	shift
	mkdir -p "$scratch/pan" && cd "$scratch/pan" || return 2
	rm -f ./*
	{
		spin "$@" -a "$model" && gcc -O2 -DSAFETY -DMEMLIM=1024 -o pan pan.c && ./pan -m1000000
	} >"$scratch/account" 2>&1 || return 2
	errors=$(sed -n 's/.*errors: \([0-9]*\)$/\1/p' "$scratch/account")
	if [ "${errors:-0}" -gt 0 ]; then
		return 1
	fi
	if [ -z "$errors" ] || grep -qE 'depth too small|out of memory|not completed' "$scratch/account" ||
		grep -q '^.([1-9][0-9]* of [0-9]* states)' "$scratch/account"; then
		return 2
	fi
}

# comes_to STATUS NAME MODEL [-DNAME...]
comes_to() {
	local want=$1 name=$2 status
	shift 2
	(check "$@")
	status=$?
	if [ $status -eq "$want" ]; then
		ok "$name"
	else
		not_ok "$name" "$(tail -n 40 "$scratch/account")"
	fi
}

for model in "$models"/*.pml; do
	name=$(basename "$model" .pml)
	stamps=$(sed -n 's/^ \* Model of \([^ ]*\) as of \([^ ]*\)$/\1 \2/p' "$model")
	if [ -z "$stamps" ]; then
		not_ok "$name: it says what it is a model of"
	fi
	while read -r file stamp; do
		is "$stamp" "$(print_of "$root/$file")" "$name: it is a model of $file as it is"
	done <<<"$stamps"
done

# What has steps to come in between is an algorithm of ours.
for file in $(cd "$root" && grep -l 'RACE_STEP()' user/strategy/*.[ch]); do
	if [ "$file" != user/strategy/race.h ] && ! grep -q "^ \* Model of $file as of" "$models"/*.pml; then
		not_ok "$file: there is a model of it"
	else
		ok "$file: there is a model of it"
	fi
done

if ! command -v spin >/dev/null; then
	skip "the models hold" "spin is not installed"
	done_testing
fi

for model in "$models"/*.pml; do
	name=$(basename "$model" .pml)
	comes_to 0 "$name: it holds in every order of steps" "$model"
	comes_to 1 "$name: its bug is found" "$model" -DBUG
	read -ra variants <<<"$(sed -n 's/^ \* Variants: //p' "$model")"
	for variant in ${variants[@]+"${variants[@]}"}; do
		comes_to 0 "$name: it holds with $variant" "$model" "$variant"
	done
done

done_testing
