/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `reentry` found, on standard output. */
#ifndef COMMAND_REENTRY_DRAW_H
#define COMMAND_REENTRY_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command/output.h"
#include "command/tracing.h"
#include "experiment/reentry.h"

struct reentry_report {
	uint64_t timeout_ns;
	struct tracing_state tracing;
	struct reentry_finding *findings;
	size_t n_findings;
	bool complete;
};

/* Whether its counts, or the two sources of where it was, contradict each other. */
bool reentry_is_not_reconciled(const struct reentry_finding *finding);

/* Of a struct reentry_report. */
output_drawer reentry_draw_table, reentry_draw_json;

#endif
