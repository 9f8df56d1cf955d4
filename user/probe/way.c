/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/way.h"

#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

#include "probe/feature.h"
#include "probe/tracepoint.h"

struct ways_found ways_find(const struct btf *kernel, bool calls)
{
	enum switch_signature signature = tracepoint_switch(kernel);

	return (struct ways_found){
		.fexit = calls && feature_try(FEATURE_FEXIT).works,
		.switch_argument = signature == SWITCH_STATE_LAST ||
				   signature == SWITCH_STATE_SECOND,
		.task_storage = feature_try(FEATURE_TASK_STORAGE).works,
	};
}

unsigned int ways_choose(unsigned int wished, const struct ways_found *found, unsigned int *chosen)
{
	const struct {
		unsigned int pair;
		unsigned int better;
		bool found;
	} pairs[] = {
		{ WAYS_FUTEX, WAY_FUTEX_FEXIT, found->fexit },
		{ WAYS_SWITCH, WAY_SWITCH_ARGUMENT, found->switch_argument },
		{ WAYS_STORAGE, WAY_STORAGE_TASK, found->task_storage },
	};
	unsigned int refused = 0;

	*chosen = 0;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		unsigned int wish = wished & pairs[i].pair;
		unsigned int other = pairs[i].pair & ~pairs[i].better;

		*chosen |= wish ? wish : pairs[i].found ? pairs[i].better : other;
		if (wish == pairs[i].better && !pairs[i].found && !refused)
			refused = wish;
	}
	return refused;
}

bool way_refused(unsigned int wished, char line[static WAY_REFUSED])
{
	struct btf *kernel = btf__load_vmlinux_btf();
	const struct ways_found found = ways_find(kernel, true);
	unsigned int chosen;

	btf__free(kernel);
	/* Who may load nothing at all is told so, not of one way among them. */
	if (!feature_try(FEATURE_TP_BTF).works)
		return false;
	switch (ways_choose(wished, &found, &chosen)) {
	case WAY_FUTEX_FEXIT:
		snprintf(
			line, WAY_REFUSED,
			"futex=fexit: programs at the return of the futex system calls are refused "
			"(%s): give futex=syscall, or leave it out",
			strerror(-feature_try(FEATURE_FEXIT).error));
		return true;
	case WAY_SWITCH_ARGUMENT:
		snprintf(line, WAY_REFUSED,
			 "switch=argument: sched_switch of this kernel does not pass the state: "
			 "give switch=state-of-task, or leave it out");
		return true;
	case WAY_STORAGE_TASK:
		snprintf(line, WAY_REFUSED,
			 "storage=task: this kernel has no task storage for BPF (%s): give "
			 "storage=hash, or leave it out",
			 strerror(-feature_try(FEATURE_TASK_STORAGE).error));
		return true;
	default:
		return false;
	}
}
