# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Completion of tracebench for bash, which needs nothing but bash.  Commands, options, strategies and
# values are asked of the program itself (`tracebench [COMMAND] --words`), so that this knows what
# the installed program knows.

# Sets $REPLY to the program on the line, or to the one in PATH where that is none (`~/tracebench`).
_tracebench_program() {
	REPLY=$1
	command -v -- "$REPLY" >/dev/null || REPLY=tracebench
}

# Offers those of WORDS that begin with $cur.  Bash takes the last word of the line to begin behind
# the last '=', so what goes before that is cut off.
_tracebench_offer() { # WORDS...
	local word before=''
	[[ $cur == *=* && ${COMP_WORDBREAKS-} == *=* ]] && before=${cur%"${cur##*=}"}
	for word; do
		if [[ $word == "$cur"* ]]; then
			COMPREPLY+=("${word#"$before"}")
		fi
	done
	# What goes on behind '=' has no blank after it.
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

# Files, with $1 before each.
_tracebench_files() { # PREFIX WORD
	local file files
	mapfile -t files < <(compgen -f -- "$2")
	compopt -o filenames 2>/dev/null
	for file in "${files[@]}"; do
		_tracebench_offer "$1$file"
	done
}

# The value of one option, which has the form FORM in its help. BEFORE is all that stands before it in
# the word, "--pin=" or nothing.
_tracebench_value() { # BEFORE FORM CHOICE...
	local before=$1 form=$2 given=${cur#"$1"} after='' choice
	shift 2
	case $form in
	*=FILE)
		if [[ $given == *=* ]]; then
			_tracebench_files "$before${given%%=*}=" "${given#*=}"
			return
		fi
		after='='
		;;
	*=*)
		# A key and numbers.
		after='='
		;;
	FILE)
		_tracebench_files "$before" "$given"
		return
		;;
	*\[,*)
		# A list, of which the last is being written.
		[[ $given == *,* ]] && before+=${given%,*},
		;;
	esac
	for choice; do
		_tracebench_offer "$before$choice$after"
	done
}

# Whether the word before the one at $at is the option NAME or its LETTER, whose value this is then.
_tracebench_awaits() { # NAME LETTER
	local word=${COMP_WORDS[at - 1]}
	[[ $word == "--$1" || ($2 != - && $word == "-$2") ]]
}

_tracebench() {
	local cur at=$COMP_CWORD REPLY program line before='' form any_file=''
	local -a lines fields words=() options=()
	COMPREPLY=()

	# Bash may have split "--pin=pack" into three words.
	cur=${COMP_WORDS[at]}
	while ((at > 1)) && [[ ${COMP_WORDS[at]} == = || ${COMP_WORDS[at - 1]} == = ]]; do
		at=$((at - 1))
		cur=${COMP_WORDS[at]}$cur
	done

	_tracebench_program "${COMP_WORDS[0]}"
	program=$REPLY
	mapfile -t lines < <("$program" --words 2>/dev/null)
	for line in "${lines[@]}"; do
		if [[ $at -gt 1 && $line == "command ${COMP_WORDS[1]}" ]]; then
			mapfile -t lines < <("$program" "${COMP_WORDS[1]}" --words 2>/dev/null)
			break
		fi
	done

	for line in "${lines[@]}"; do
		read -ra fields <<<"$line"
		case ${fields[0]} in
		command)
			((at == 1)) && words+=("${fields[1]}")
			;;
		word)
			words+=("${fields[1]}")
			;;
		files)
			any_file=1
			;;
		option)
			form=${fields[3]}
			if [[ $form != - && $cur == "--${fields[1]}="* ]]; then
				before=--${fields[1]}=
			elif [[ $form == - ]] || ! _tracebench_awaits "${fields[1]}" "${fields[2]}"; then
				options+=("--${fields[1]}$([[ $form == - ]] || echo '=')")
				continue
			fi
			_tracebench_value "$before" "$form" "${fields[@]:4}"
			return
			;;
		esac
	done

	if [[ $cur == -* ]]; then
		_tracebench_offer "${options[@]}"
	elif [[ $any_file ]]; then
		_tracebench_files '' "$cur"
	else
		_tracebench_offer "${words[@]}"
	fi
}

complete -F _tracebench tracebench
