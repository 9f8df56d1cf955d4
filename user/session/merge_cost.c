/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "session/fields.h"
#include "session/merge.h"
#include "session/own_cost.h"

static int merge_maps(const struct own_cost *from, struct tracing_cost *cost)
{
	int err = 0;

	cost->maps = calloc(from->n_maps + 1, sizeof(*cost->maps));
	if (!cost->maps)
		return -ENOMEM;
	for (size_t i = 0; i < from->n_maps && !err; i++) {
		struct map_memory *map = &cost->maps[cost->n_maps++];

		map->bytes = (int64_t)from->maps[i].bytes;
		err = merge_text(&map->name, from->maps[i].name);
	}
	if (from->n_maps)
		cost->maps_bytes = (int64_t)own_cost_maps_bytes(from);
	return err;
}

static int merge_programs(const struct own_cost *from, struct tracing_cost *cost)
{
	int err = 0;

	cost->programs = calloc(from->n_programs + 1, sizeof(*cost->programs));
	if (!cost->programs)
		return -ENOMEM;
	for (size_t i = 0; i < from->n_programs && !err; i++) {
		const struct program_runs *runs = &from->programs[i];
		struct program_time *program = &cost->programs[cost->n_programs++];

		program->level = (int)runs->level;
		program->runs = (int64_t)runs->runs;
		/* Of none: NaN. */
		program->ns_per_run = (double)runs->run_ns / (double)runs->runs;
		err = merge_text(&program->name, runs->name);
	}
	return err;
}

int merge_cost(const struct merge_input *input, struct tracing *tracing)
{
	const struct own_cost *from = input->cost;
	struct tracing_cost *cost;
	int err;

	if (!from)
		return 0;
	tracing->cost = cost = calloc(1, sizeof(*cost));
	if (!cost)
		return -ENOMEM;
	fields_clear(&tracing_cost_shape, cost);
	cost->attach_ms = input->attach_ms;
	cost->detach_ms = input->detach_ms;
	err = merge_maps(from, cost);
	if (!err)
		err = merge_programs(from, cost);
	return err ? err : merge_text(&cost->reason, *from->reason ? from->reason : NULL);
}
