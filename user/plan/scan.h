/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that have several values, every combination of which is raced: the points of a scan. */
#ifndef PLAN_SCAN_H
#define PLAN_SCAN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/option.h"

/* Combinations of values, those of --workers included. */
#define SCAN_POINTS_MAX 1024

/* An option of every strategy, and not only of those that a member of struct strategy names. */
#define SCAN_OF_ALL UINT_MAX

struct scan_key {
	const struct option_spec *spec; /* of a uint64_t */
	unsigned int concerns; /* offset of a bool in struct strategy, or SCAN_OF_ALL */
	uint64_t *values; /* in the order given, no two the same */
	size_t n_values;
};

struct scan {
	struct scan_key *keys; /* in the order given */
	size_t n_keys;
};

struct strategy;

/* How many combinations there are: 1 without a scan. Not above SIZE_MAX. */
size_t scan_points(const struct scan *scan);

/* Whether other values of this option are another race for a strategy. */
bool scan_concerns(const struct scan_key *key, const struct strategy *strategy);

/*
 * Gives `options`, a struct that the specs describe, the values of a point, the last key's changing
 * first. Of keys that do not concern the strategy they are the first ones.
 */
void scan_at(const struct scan *scan, size_t point, const struct strategy *strategy, void *options);

/*
 * Whether any race is given a value from least to most of the option at that offset, which is
 * scanned or not.
 */
bool scan_reaches(const struct scan *scan, const void *options, size_t offset, uint64_t least,
		  uint64_t most);

/* As if the option had not been scanned. */
void scan_forget(struct scan *scan, const struct option_spec *spec);
void scan_free(struct scan *scan);

#endif
