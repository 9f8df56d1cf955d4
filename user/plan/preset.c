/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/preset.h"

#include <string.h>

const struct option_choice preset_choices[] = {
	{ "seed", PRESET_SEED },
	{ "quick", PRESET_QUICK },
	{ "full", PRESET_FULL },
	{ NULL, 0 },
};

/* An option, and its value as one would type it. */
struct preset_value {
	const char *option;
	const char *text;
};

#define MOST_VALUES 5

static const struct preset_row seed_rows[] = {
	{ "sequential", IN_THREADS }, { "none", IN_THREADS },
	{ "mutex", IN_THREADS },      { "sem-futex", IN_BOTH },
	{ "pipe", IN_PROCESSES },     { "queue", IN_PROCESSES },
	{ "shm", IN_PROCESSES },      { NULL, 0 },
};

static const struct {
	struct preset_value values[MOST_VALUES + 1]; /* end with a NULL option */
	const struct preset_row *rows;
	bool all; /* strategies, and not only the default ones */
} presets[PRESETS] = {
	[PRESET_NONE] = { .rows = NULL },
	[PRESET_SEED] = {
		.values = { { "workers", "2" }, { "iterations", "50M" }, { "batch", "all" },
			    { "repeats", "3" }, { "wakers", "1" } },
		.rows = seed_rows,
	},
	[PRESET_QUICK] = { .values = { { "duration", "20ms" }, { "repeats", "3" }, { "latency", "1" }, { "wakers", "1" } } },
	[PRESET_FULL] = { .values = { { "workers", "1,2,4" }, { "mode", "both" } }, .all = true },
};

const char *preset_name(enum preset preset)
{
	for (const struct option_choice *choice = preset_choices; choice->name; choice++)
		if (choice->value == preset)
			return choice->name;
	return NULL;
}

const struct preset_row *preset_rows(enum preset preset)
{
	return presets[preset].rows;
}

const struct preset_row *preset_row(enum preset preset, const char *strategy)
{
	for (const struct preset_row *row = presets[preset].rows; row && row->strategy; row++)
		if (!strcmp(row->strategy, strategy))
			return row;
	return NULL;
}

bool preset_races(enum preset preset, const struct strategy *strategy)
{
	if (presets[preset].rows)
		return preset_row(preset, strategy->name) != NULL;
	return presets[preset].all || strategy->in_default;
}

/* The option that says the same in another way, or NULL. */
static const char *replaced_by(const char *option)
{
	return !strcmp(option, "duration")   ? "iterations" :
	       !strcmp(option, "iterations") ? "duration" :
					       NULL;
}

static bool is_given_from(const struct option_reading *reading, const char *option,
			  enum option_layer layer)
{
	return option && option_layer_of(reading, option) >= layer;
}

int preset_apply(struct option_reading *reading, enum preset preset)
{
	const struct preset_value *value = presets[preset].values;
	const struct option_spec *by = option_find(reading, "preset");
	struct option_source source = reading->given[by - reading->specs];
	int err = 0;

	source.by = by;
	for (; !err && value->option; value++)
		if (!is_given_from(reading, value->option, source.layer) &&
		    !is_given_from(reading, replaced_by(value->option), source.layer))
			err = option_set(reading, option_find(reading, value->option), &source,
					 value->text);
	return err;
}
