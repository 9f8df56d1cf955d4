# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# Boots one of Debian's packaged kernels in an emulated machine, without KVM and without rights, and
# runs kernel tests and one session in it.  Source it after tap.sh, then call
#
#	boot 6.1	or another series of kernels
#	relay		what the guest's programs said, as promises of this test
#
# The package is downloaded from whatever apt is configured to and kept in build/vm; nothing of it is
# installed.  Times say nothing in there: TRACEBENCH_TESTS=counts.
# shellcheck disable=SC2154

cache=$root/build/vm
# A guest ends by itself, after a minute or two where the machine has nothing else to do.
GUEST_SECONDS=${GUEST_SECONDS:-840}

# What is left out here, and why:
#	strategies, spawn	minutes under emulation; the session stands for them
#	strace			the guest has no strace, and the kernel it runs on changes nothing in it
#	counters		perf's counters, of which the probe knows nothing
#	cost			what is clocked under emulation says nothing
#	truth, truth_faults	known times, and minutes; reasons and sleep stand for them
#	timeline		its captures are read by Python, which the guest has not
tests='crowded futex futex_pairs hidden hog many_calls missed mutex no_calls pending pipe preempted
	reasons reentry sleep split stacks ways wakers locks uring_threads many_others'
# VM_TESTS names fewer.
tests=${VM_TESTS:-$tests}
# Strategies of each kind of sleep, and of every way into a futex that a kernel may lack; long enough
# for an emulator that shares its CPU with others.
session='mutex sem-futex queue pipe eventfd-queue turn-futex turn-futex2 turn-uring-futex turn-cond
	atomic -w 2 -d 250ms -r 2 --warmup=0 --latency=0 --wakers=1 --trace=require -q'

# give_up WHY: the kernel cannot be had here; that is said, and it is no failure.
give_up() {
	skip "Linux $series" "$1"
	done_testing
}

# package SERIES: the newest cloud kernel of it that apt knows; nothing: there is none.
package() {
	apt-cache pkgnames "linux-image-$1." 2>/dev/null |
		grep -E "^linux-image-${1/./\\.}\\.[^-]+(-[0-9]+)?-cloud-amd64\$" | sort -V | tail -n 1
}

# kernel SERIES: $kernel, unpacked from its package.
kernel() {
	local name file
	name=$(package "$1")
	if [ -z "$name" ]; then
		give_up "apt's sources have no package linux-image-$1.*-cloud-amd64"
	fi
	kernel=$cache/${name#linux-image-}
	if [ -s "$kernel" ]; then
		return
	fi
	mkdir -p "$cache" "$scratch/package"
	if ! (cd "$scratch/package" && apt-get -q download "$name") >"$scratch/apt" 2>&1; then
		give_up "apt-get cannot download $name: $(grep '^E:' "$scratch/apt" | head -n 1)"
	fi
	file=$(echo "$scratch"/package/*.deb)
	# Whole or not at all: the name is there when all of it is.
	dpkg -x "$file" "$scratch/package/x" &&
		mv "$scratch"/package/x/boot/vmlinuz-* "$kernel.new" && mv "$kernel.new" "$kernel"
	rm -rf "$scratch/package"
}

# root_of_guest DIRECTORY: fills it.
root_of_guest() {
	local guest=$1 name library
	mkdir -p "$guest"/{bin,proc,sys,dev,tmp,tests}
	cp /bin/busybox "$guest/bin/busybox"
	cp "$root/tests/vm/init" "$guest/init"
	strip -o "$guest/tracebench" "$TRACEBENCH"
	for name in $tests; do
		strip -o "$guest/tests/$name" "$built/tests/kernel/$name"
	done
	# It is about names, and source lines.
	[ ! -e "$guest/tests/stacks" ] || cp "$built/tests/kernel/stacks" "$guest/tests/stacks"
	echo "$session" >"$guest/session"
	ldd "$guest/tracebench" "$guest"/tests/* | grep -oE '/[^ ]+\.so[^ ]*' | sort -u |
		while read -r library; do
			mkdir -p "$guest${library%/*}"
			cp -L "$library" "$guest$library"
		done
}

# boot SERIES: runs the guest to its end.  $results, $json and $console are what it wrote.
boot() {
	series=$1
	built=${BUILT:-$root/build}
	results=$scratch/results json=$scratch/session.json console=$scratch/console
	if [ "$(uname -m)" != x86_64 ]; then
		give_up "the guest's programs are this machine's, $(uname -m), and its kernel is for x86-64"
	fi
	for tool in qemu-system-x86_64 cpio apt-get /bin/busybox; do
		if ! command -v $tool >/dev/null; then
			give_up "$tool is not installed (tools/setup --full)"
		fi
	done
	kernel "$series"
	root_of_guest "$scratch/guest"
	(cd "$scratch/guest" && find . | cpio -o -H newc --quiet | gzip -1) >"$scratch/initrd"

	# One thread for all CPUs: with several, a CPU now and then runs into a breakpoint that another
	# one has patched away already, which hardware does not, and the kernel dies of it ("int3" in a
	# tracepoint's static branch, QEMU 7.2).  tsc=reliable: else reading the clock is a system call.
	timeout "$GUEST_SECONDS" qemu-system-x86_64 -machine q35 -accel tcg,thread=single -cpu max \
		-smp 2 -m 768M -nic none -no-reboot -display none -monitor none \
		-kernel "$kernel" -initrd "$scratch/initrd" \
		-append "console=ttyS0 quiet panic=-1 mitigations=off tsc=reliable" \
		-serial "file:$console" -serial "file:$results" -serial "file:$json" \
		2>"$scratch/qemu" </dev/null
	status=$?
	# Of a guest that panicked qemu says 0 as well.
	if grep -q '^@done$' "$results" 2>/dev/null; then
		ok "Linux $series: the guest runs to its end"
	else
		not_ok "Linux $series: the guest runs to its end" \
			"qemu: $status"$'\n'"$(tail -n 5 "$scratch/qemu")"$'\n'"$(tail -n 20 "$console")"
	fi
	like "$(sed -n 's/^@kernel //p' "$results")" "^${series/./\\.}\\." "Linux $series: it is one"
	like "$(sed -n 's/^@doctor //p' "$results")" "^ok .*fexit: allowed" \
		"Linux $series: fexit is permitted"
}

# relay_program NAME: what it printed; each result is one of this test.
relay_program() {
	local name=$1 plan='' seen=0 line
	while IFS= read -r line; do
		case $line in
		'ok '*'# SKIP bpf:'*)
			not_ok "$series: $name: BPF works there" "$line"
			seen=$((seen + 1))
			;;
		'ok '*'# SKIP '*)
			skip "$series: $name" "${line#*# SKIP }"
			seen=$((seen + 1))
			;;
		'ok '*)
			ok "$series: $name: ${line#* - }"
			seen=$((seen + 1))
			;;
		'not ok '*)
			not_ok "$series: $name: ${line#* - }"
			seen=$((seen + 1))
			;;
		'1..'*) plan=${line#1..} ;;
		'#'*) echo "$line" ;;
		"@end $name 0")
			is "$seen" "$plan" "$series: $name runs to its end"
			return
			;;
		"@end $name "*)
			is "${line##* }, $seen results" "1, $plan results" "$series: $name runs to its end"
			return
			;;
		esac
	done < <(sed "1,/^@begin $name\$/d" "$results")
	not_ok "$series: $name runs to its end" "it was not begun, or did not end"
}

relay() {
	local name
	for name in $tests; do
		relay_program "$name"
	done
	is "$(sed -n 's/^@end session //p' "$results")" 0 "$series: a session runs"
	# shellcheck disable=SC2119
	relays python3 "$root/tests/vm/session.py" "$series" "$json"
}
