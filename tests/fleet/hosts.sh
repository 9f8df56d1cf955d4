#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One session on three hosts at the same moment, and one file of it, as docs/fleet.md says. The hosts
# are network namespaces of this machine, with a name and an sshd each, on a bridge that nobody else
# sees. All of it is in namespaces of its own, mounts and processes too: when the first process of
# them ends, so does the rest.
#
# Functions are called by name, through exits and holds.

# shellcheck disable=SC2317
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/session.sh"

# cannot WHY
cannot() {
	skip "a session on several hosts" "$1"
	done_testing
}
sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
if [ "$(id -u)" -ne 0 ]; then
	cannot "only root can make hosts of namespaces"
elif [ -z "$sshd" ] || ! command -v ssh >/dev/null; then
	cannot "sshd or ssh is missing (apt install openssh-server, which starts one: not by tools/setup)"
elif ! command -v ip >/dev/null; then
	cannot "ip is missing (apt install iproute2)"
elif ! unshare --net --mount --uts --pid --fork true 2>"$scratch/why"; then
	cannot "no namespaces here: $(head -n 1 "$scratch/why")"
fi
export sshd

# From here on again, with none of the machine's network, names, mounts and processes.
if [ -z "${inside-}" ]; then
	unshare --net --mount --uts --pid --fork --kill-child --mount-proc \
		env inside=1 "$0"
	exit
fi

cd "$scratch" || exit 1
nodes=(node1 node2 node3)
port=2222

# What is mounted here is seen here alone: no file of the machine's is changed.
private_files() {
	local i
	mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd || return
	# sshd refuses an account that is locked, and so may root's be.
	sed 's/^root:[^:]*/root:*/' /etc/shadow >shadow && mount --bind shadow /etc/shadow || return
	{
		echo "127.0.0.1 localhost"
		for i in "${!nodes[@]}"; do
			echo "10.77.0.$((i + 1)) ${nodes[i]}"
		done
	} >hosts && mount --bind hosts /etc/hosts
}

keys() {
	ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user || return
	for node in "${nodes[@]}"; do
		echo "[$node]:$port $(cut -d' ' -f1-2 host.pub)"
	done >known
	cat >sshd_config <<-EOF
		Port $port
		HostKey $scratch/host
		AuthorizedKeysFile $scratch/user.pub
		StrictModes no
		UsePAM no
		PasswordAuthentication no
		PermitRootLogin prohibit-password
		PidFile none
	EOF
	cat >ssh_config <<-EOF
		Host *
		User root
		Port $port
		IdentityFile $scratch/user
		IdentitiesOnly yes
		UserKnownHostsFile $scratch/known
		GlobalKnownHostsFile /dev/null
		StrictHostKeyChecking yes
		BatchMode yes
	EOF
}

bridge() {
	ip link add tbfleet type bridge && ip link set tbfleet up && ip link set lo up &&
		ip address add 10.77.0.100/24 dev tbfleet
}

# host NUMBER NAME: its namespaces last as long as its sshd.
host() {
	unshare --net --uts sh -c "hostname $2; read -r _ <wake$1; exec $sshd -D -e -f sshd_config" \
		>"sshd$1.log" 2>&1 &
	local pid=$!
	await_namespace "$pid" || return
	ip link add "tb$1" type veth peer name eth0 netns "$pid" || return
	ip link set "tb$1" master tbfleet up || return
	nsenter -t "$pid" -n ip address add "10.77.0.$1/24" dev eth0 || return
	nsenter -t "$pid" -n ip link set eth0 up || return
	nsenter -t "$pid" -n ip link set lo up || return
	echo >"wake$1"
}
# It is in a namespace of its own.
await_namespace() {
	for ((i = 0; i < 400; i++)); do
		if [ "$(readlink "/proc/$1/ns/net")" != "$(readlink /proc/self/ns/net)" ]; then
			return 0
		fi
		sleep 0.05
	done
	return 1
}
start_hosts() {
	local i
	for i in "${!nodes[@]}"; do
		mkfifo "wake$((i + 1))" && host $((i + 1)) "${nodes[i]}" || return
	done
}
on() {
	local node=$1
	shift
	ssh -F ssh_config "$node" "$@"
}
answers() {
	for ((i = 0; i < 200; i++)); do
		if [ "$(on "$1" hostname 2>answer)" = "$1" ]; then
			return 0
		fi
		sleep 0.05
	done
	cat answer sshd*.log
	return 1
}

holds "files of this test's own are in place" private_files
holds "there are keys" keys
holds "there is a network" bridge
holds "hosts are started" start_hosts
for node in "${nodes[@]}"; do
	holds "$node answers by its name" answers "$node"
done

command=(env "HOME=$scratch" "$TRACEBENCH" run mutex sequential -d 20ms -r 2 --warmup=0
	--latency=1 --wakers=0 --start-at=/10s -q -o -)

# raced FILE WHAT: the session in FILE is that of all hosts.
raced() {
	holds "$2: each result names its host" said "$1" \
		"sorted((s['sources'][x['source']]['host']['hostname'], x['strategy']) for x in r) ==
		sorted((node, name) for node in ('node1', 'node2', 'node3') for name in ('mutex', 'sequential'))"
	holds "$2: all were raced to their end" said "$1" \
		"s['complete'] and all(x['status'] == 'ok' and x['counter']['lost'] == 0 for x in r)"
	holds "$2: each began at a multiple of 10 s, and not before" said "$1" \
		"all(start['due_ns'] % 10**10 == 0 and start['began_ns'] >= start['due_ns']
		for start in [source['plan']['start'] for source in s['sources']])"
}

everywhere() {
	local node pid pids=()
	mkdir by-hand
	for node in "${nodes[@]}"; do
		on "$node" "${command[@]}" >"by-hand/$node" 2>"$node.err" &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid" || {
			cat ./*.err
			return 1
		}
	done
}
holds "every host races" everywhere
exits 0 "their sessions are merged" "$TRACEBENCH" merge by-hand/* -o fleet.json
raced fleet.json "by hand"
exits 0 "they are shown in one table" "$TRACEBENCH" report fleet.json
for node in "${nodes[@]}"; do
	like "$out" "mutex +$node " "with a row of $node"
done

# The same by what people have for it.
if command -v clush >/dev/null; then
	exits 0 "clush races on all" \
		clush -o "-F $scratch/ssh_config" -w 'node[1-3]' --outdir=runs -q "${command[*]}"
	exits 0 "what it brings is merged" "$TRACEBENCH" merge runs/* -o clush.json
	raced clush.json "by clush"
else
	skip "clush races on all" "clush is missing (apt install clustershell)"
fi

done_testing
