/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/scan.h"

#include <stdlib.h>

#include "strategy/strategy.h"

size_t scan_points(const struct scan *scan)
{
	size_t points = 1;

	for (size_t i = 0; i < scan->n_keys; i++)
		if (__builtin_mul_overflow(points, scan->keys[i].n_values, &points))
			return SIZE_MAX;
	return points;
}

bool scan_concerns(const struct scan_key *key, const struct strategy *strategy)
{
	return key->concerns == SCAN_OF_ALL ||
	       *(const bool *)((const char *)strategy + key->concerns);
}

void scan_at(const struct scan *scan, size_t point, const struct strategy *strategy, void *options)
{
	for (size_t i = scan->n_keys; i-- > 0;) {
		const struct scan_key *key = &scan->keys[i];
		uint64_t *field = (void *)((char *)options + key->spec->offset);

		*field = key->values[scan_concerns(key, strategy) ? point % key->n_values : 0];
		point /= key->n_values;
	}
}

static const struct scan_key *key_at(const struct scan *scan, size_t offset)
{
	for (size_t i = 0; i < scan->n_keys; i++)
		if (scan->keys[i].spec->offset == offset)
			return &scan->keys[i];
	return NULL;
}

bool scan_reaches(const struct scan *scan, const void *options, size_t offset, uint64_t least,
		  uint64_t most)
{
	const struct scan_key *key = key_at(scan, offset);
	const uint64_t *values = key ? key->values : (const void *)((const char *)options + offset);
	size_t n_values = key ? key->n_values : 1;

	for (size_t i = 0; i < n_values; i++)
		if (values[i] >= least && values[i] <= most)
			return true;
	return false;
}

void scan_forget(struct scan *scan, const struct option_spec *spec)
{
	size_t kept = 0;

	for (size_t i = 0; i < scan->n_keys; i++) {
		if (scan->keys[i].spec == spec)
			free(scan->keys[i].values);
		else
			scan->keys[kept++] = scan->keys[i];
	}
	scan->n_keys = kept;
}

void scan_free(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_keys; i++)
		free(scan->keys[i].values);
	free(scan->keys);
	*scan = (struct scan){ 0 };
}
