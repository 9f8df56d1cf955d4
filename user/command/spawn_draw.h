/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `spawn` measured, on standard output. */
#ifndef COMMAND_SPAWN_DRAW_H
#define COMMAND_SPAWN_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "command/output.h"
#include "command/tracing.h"
#include "experiment/spawn.h"

struct spawn_report {
	struct spawn_options options;
	struct tracing_state tracing;
	struct spawn_row *rows;
	size_t n_rows;
	bool complete;
};

/* Of a struct spawn_report. */
output_drawer spawn_draw_table, spawn_draw_json;

#endif
