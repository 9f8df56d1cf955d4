#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What `make install` puts where, that it works there, and that `make uninstall` leaves nothing. And what
# can be said of the package without building it, which `make deb` does.
. "$(dirname "$0")/../lib/tap.sh"

# The make that may have started this has a build of its own kind: here nothing may be built.
unset MAKEFLAGS MFLAGS MAKELEVEL
# shellcheck disable=SC2317
into() {
	make -s -C "$root" "$1" O="${BUILT:-$root/build}" BIN="$TRACEBENCH" DESTDIR="$scratch/to" \
		PREFIX=/opt/usr
}
prefix=$scratch/to/opt/usr

exits 0 "it installs" into install-built
is "$("$prefix/bin/tracebench" --version)" "$("$TRACEBENCH" --version)" "the program runs there"
is "$(env -i PATH="$prefix/bin:$PATH" bash --norc --noprofile -uc "
	. '$prefix/share/bash-completion/completions/tracebench'
	COMP_WORDS=(tracebench rep) COMP_CWORD=1
	_tracebench && echo \"\${COMPREPLY[*]}\"")" "report" "so does the completion, found by its name"

# A link of a document to another one that is not there.
broken() {
	local file target
	cd "$prefix/share/doc/tracebench" || return
	for file in README.md docs/*.md; do
		grep -oE '\]\([^)#]+' "$file" | cut -c3- | grep -v '^https\?:' | while read -r target; do
			[ -e "$(dirname "$file")/$target" ] || echo "$file: $target"
		done
	done
}
is "$(broken)" "" "the documents find each other"
holds "there are some" test -s "$prefix/share/doc/tracebench/docs/method.md"

exits 0 "it uninstalls" into uninstall
is "$(find "$scratch/to" ! -type d)" "" "and leaves no file"
holds "nor a folder of its own" test ! -e "$prefix/share/doc/tracebench"

version=$(sed -n 's/.*TRACEBENCH_VERSION "\(.*\)"/\1/p' "$root/user/base/version.h")
is "$(sed -n '1s/^tracebench (\(.*\)) .*/\1/p' "$root/debian/changelog")" "$version" \
	"the package's version is the program's"
# Debian names the packages of libraries in one of these ways.
built_from=$(sed -n 's/^LIBRARIES := //p' "$root/Makefile")
is "$(for library in $built_from; do
	library=${library//-/}
	package=$(sed -n 's/^ \(.*-dev\),$/\1/p' "$root/debian/control" | tr -d - |
		grep -x -e "${library}dev" -e "lib${library}dev" -e "${library}1gdev" -e "${library#lib}1gdev")
	[ -n "$package" ] || echo "$library"
done)" "" "and it is built with every library of the Makefile"

man_page=${BUILT:-$root/build}/docs/tracebench.1
if [ -e "$man_page" ] && command -v man >/dev/null; then
	exits 0 "the man page can be shown" env LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$man_page"
	is "$err" "" "without a warning"
	is "$(awk 'length > 80' <<<"$out")" "" "in 80 columns"
else
	skip "the man page can be shown" "it is not built: make docs"
fi

done_testing
