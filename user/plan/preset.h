/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presets: values of several options under one name, and what is raced where nothing is named. */
#ifndef PLAN_PRESET_H
#define PLAN_PRESET_H

#include <stdbool.h>

#include "plan/option.h"
#include "strategy/strategy.h"

enum preset {
	PRESET_NONE,
	PRESET_SEED, /* the programs of docs/seed.md */
	PRESET_QUICK, /* a short look */
	PRESET_FULL, /* everything, threads and processes, several worker counts */
	PRESETS,
};

/* The names of all but PRESET_NONE. */
extern const struct option_choice preset_choices[];

/* NULL for PRESET_NONE. */
const char *preset_name(enum preset preset);

/* A strategy that the preset races, and as what. */
struct preset_row {
	const char *strategy;
	unsigned int modes; /* IN_THREADS | IN_PROCESSES */
};

/* Ends with a NULL strategy. NULL: the preset does not say what is raced. */
const struct preset_row *preset_rows(enum preset preset);

/* Of a strategy; NULL where the preset has none. */
const struct preset_row *preset_row(enum preset preset, const char *strategy);

/* Whether the preset races a strategy where nothing is named; PRESET_NONE, one of the default. */
bool preset_races(enum preset preset, const struct strategy *strategy);

/*
 * Sets the options of a preset as if they had been given where --preset was, but for those that
 * were given there themselves, or in a higher layer: what one says outright wins. --duration and
 * --iterations both say how long a race is, so either replaces the other. Call it when all layers
 * have been read. Returns 0, or what option_set() does.
 */
int preset_apply(struct option_reading *reading, enum preset preset);

#endif
