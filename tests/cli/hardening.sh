#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The program is built so that a mistake in it is hard to make use of.
. "$(dirname "$0")/../lib/tap.sh"

header=$(readelf -Wh "$TRACEBENCH")
segments=$(readelf -Wl "$TRACEBENCH")
dynamic=$(readelf -Wd "$TRACEBENCH")
imported=$(readelf -W --dyn-syms "$TRACEBENCH" | awk '$7 == "UND" { print $8 }')

if [[ $imported == *__asan_init* || $imported == *__tsan_init* || $imported == *__ubsan_handle* ]]; then
	skip "hardening" "a sanitized build has its own"
	done_testing
fi

like "$header" "Type:[[:space:]]+DYN" "it can be loaded anywhere"
like "$dynamic" "FLAGS_1.*PIE" "and is a program, not a library"
like "$dynamic" "FLAGS_1.*NOW" "all symbols are bound when it starts"
like "$segments" "GNU_RELRO" "and what that wrote is read-only from then on"
like "$segments" "GNU_STACK.* RW " "its stack is not executable"
unlike "$segments" " RWE " "nothing is both writable and executable"
unlike "$dynamic" "TEXTREL" "its code is not patched"
unlike "$dynamic" "RPATH|RUNPATH" "its libraries are the system's"
like "$imported" "__stack_chk_fail" "the stack is guarded"
like "$imported" "__(fprintf|snprintf|vsnprintf)_chk" "buffers are checked (FORTIFY)"

done_testing
