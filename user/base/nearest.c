/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/nearest.h"

#include <string.h>

#define LONGEST 63

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Neither may be longer than LONGEST. Rows i, i - 1 and i - 2 of the table are all it needs. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][LONGEST + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i - 1) % 3];
		const size_t *above_that = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
				       above[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], above_that[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *nearest(const char *name, const char *const *candidates, size_t n_candidates)
{
	size_t length = strlen(name);
	size_t best = length / 3 > 1 ? length / 3 + 1 : 2;
	const char *found = NULL;

	if (length > LONGEST)
		return NULL;
	for (size_t i = 0; i < n_candidates; i++) {
		size_t candidate_length = strlen(candidates[i]);
		size_t away;

		if (candidate_length > LONGEST)
			continue;
		away = distance(name, length, candidates[i], candidate_length);
		if (away < best) {
			best = away;
			found = candidates[i];
		}
	}
	return found;
}
