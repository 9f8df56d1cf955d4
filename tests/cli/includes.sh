#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
#
# tools/includes finds every kind of include that goes the wrong way, names the
# place, and has nothing to say of this checkout.
. "$(dirname "$0")/../lib/tap.sh"

tree=$scratch/tree

# A tree that keeps every rule.
plant() {
	rm -rf "$tree"
	mkdir -p "$tree"/{bpf,include/tracebench,user/{base,strategy,plan,race,probe,session,report,experiment,command}}
	cd "$tree" || exit 1
	touch include/tracebench/slot.h bpf/maps.bpf.h
	touch user/{base/log,strategy/strategy,plan/plan,race/race,probe/probe,session/session}.h
	printf '#include <linux/types.h>\n' >include/tracebench/event.h
	printf '#include <bpf/bpf_helpers.h>\n#include <tracebench/slot.h>\n#include "maps.bpf.h"\n' \
		>bpf/task.bpf.c
	printf '#include <bpf/libbpf.h>\n#include "probe.skel.h"\n#include "plan/plan.h"\n#include "probe.h"\n' \
		>user/probe/probe.c
	printf '#include "race/race.h"\n#include "probe/probe.h"\n' >user/session/merge.c
	printf '#include "session/session.h"\n#include "base/log.h"\n' >user/report/table.c
	printf '#include "race/race.h"\n#include "session/session.h"\n' >user/experiment/spawn.c
	printf '#include "report/report.h"\n#include "race/race.h"\n' >user/command/run.c
	printf '#include "command/command.h"\n' >user/main.c
}

# refuses FILE INCLUDE WHY NAME: with this include in line 2, exactly FILE:2 is named.
refuses() {
	plant
	mkdir -p "$(dirname "$1")"
	printf '/* SPDX */\n%s\n' "$2" >"$1"
	exits 1 "$4" "$root/tools/includes" "$tree"
	like "$out" "^$1:2: [^"$'\n'"]*$3[^"$'\n'"]*\$" "$4: it names the place and why"
}

plant
exits 0 "a tree that keeps the rules passes" "$root/tools/includes" "$tree"
is "$out" "" "and nothing is said of it"

refuses user/base/log.c '#include "race/race.h"' 'to the right of base/' \
	"an include to the right is found"
refuses user/race/arena.c '#include "probe/probe.h"' 'siblings' "an include between siblings is found"
refuses user/race/arena.c '#include "../probe/probe.h"' 'siblings' "so is one by a relative path"
refuses user/experiment/spawn.c '#include "report/report.h"' 'siblings' \
	"so is an experiment that knows of reports"
refuses user/race/arena.c '#  include <probe/probe.h>' 'siblings' "so is one in angle brackets"
refuses user/plan/plan.c '#include "report/later.h"' 'to the right of plan/' \
	"a header that does not exist yet is judged by its name"
refuses user/session/load.c '#include "probe.skel.h"' 'owns the skeleton' \
	"the skeleton outside probe/ is found"
refuses user/probe/load.c '#include "../../bpf/maps.bpf.h"' 'include/tracebench/ only' \
	"user code that reaches into bpf/ is found"
refuses bpf/sched.bpf.c '#include "../user/base/log.h"' 'BPF programs see' \
	"BPF code that reaches into user/ is found"
refuses include/tracebench/slot.h '#include "base/log.h"' 'depends on neither' \
	"a shared header that reaches into user/ is found"
refuses user/extra/extra.c '#include "base/log.h"' 'no known layer' \
	"a folder that is no layer is found"
refuses user/perfetto/race.c '#include "session/session.h"' 'perfetto/ sees captures alone' \
	"a trace sees no session"
refuses user/report/table.c '#include "plan/plan.h"' 'joined result alone' \
	"a report that sees the plan is found"

plant
printf '#include "plan/plan.h"\n' >user/session/session.h
exits 1 "a report that sees the plan through another header is found" "$root/tools/includes" "$tree"
like "$out" "^user/report/table.c:1: .*session/session.h, which includes user/plan/plan.h" \
	"and the way is named"

plant
printf '/*\n#include "race/race.h"\n*/\n// #include "race/race.h"\n' >user/base/log.c
exits 0 "an include inside a comment is none" "$root/tools/includes" "$tree"

exits 0 "this checkout keeps the rules" "$root/tools/includes" "$root"
note "$out"

exits 2 "a directory that is no tree is bad usage" "$root/tools/includes" "$scratch/nowhere"

done_testing
