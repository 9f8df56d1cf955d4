/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known name that a mistyped one is closest to. */
#ifndef BASE_NEAREST_H
#define BASE_NEAREST_H

#include <stddef.h>

/*
 * The candidate with the least Damerau-Levenshtein distance to `name`, the first of equals. NULL
 * when none is within a third of name's length (but at least 1): a far-fetched guess is worse
 * than none. Names longer than 63 bytes have no neighbours.
 *
 * Distance: insertions, deletions, substitutions and swaps of neighbours, no substring edited
 * twice ("optimal string alignment"). F. Damerau, A technique for computer detection and
 * correction of spelling errors, CACM 7(3), 1964; computed as by R. Wagner and M. Fischer,
 * The string-to-string correction problem, JACM 21(1), 1974.
 */
const char *nearest(const char *name, const char *const *candidates, size_t n_candidates);

#endif
