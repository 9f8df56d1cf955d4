/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/untraced.h"

#include <stdio.h>
#include <string.h>

#include "base/hint.h"
#include "base/log.h"
#include "probe/feature.h"

void untraced_find_reason(int err, char reason[static UNTRACED_REASON])
{
	struct feature_state states[FEATURES];
	const char *obstacle;

	feature_probe(states);
	obstacle = feature_obstacle(states);
	if (obstacle)
		snprintf(reason, UNTRACED_REASON, "%s", obstacle);
	else
		snprintf(reason, UNTRACED_REASON, "the BPF programs do not load: %s%s",
			 strerror(-err), limit_hint(-err));
}

void untraced_tell(enum trace_wish wish, const char *reason, const char *what_there_is)
{
	if (wish == TRACE_REQUIRE)
		log_error("--trace=require: %s. See `tracebench doctor`", reason);
	else
		log_error("not traced: %s. %s; kernel columns are \"not measured\". See "
			  "`tracebench doctor`",
			  reason, what_there_is);
}
