/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers as people write them. Pure: nothing is printed, and on failure nothing is stored.
 *
 * Each returns 0, -EINVAL when the text is not of its form (a sign, blanks and anything left
 * over at the end included), or -ERANGE when it is but the number is out of range.
 */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <stddef.h>
#include <stdint.h>

/* No kernel is built for more CPUs (NR_CPUS), and no list needs to be longer. */
#define PARSE_CPUS 8192

/* A whole number, "5", "10k", "2M", "1G" (k = 1000), from min to max. */
int parse_count(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/*
 * A time with its unit, "80ns", "250us", "100ms" or "1.5s", from min_ns to max_ns. A fraction
 * finer than a nanosecond is -EINVAL.
 */
int parse_duration(const char *text, uint64_t min_ns, uint64_t max_ns, uint64_t *ns);

/*
 * A percentage with its sign, "5%" or "0.25%", up to max_percent; `*share` is 0.05 or 0.0025. No more
 * than three decimals, else -EINVAL.
 */
int parse_percent(const char *text, uint64_t max_percent, double *share);

/*
 * CPU numbers, "0,2-3", in the order written; one may be named twice. The caller frees *cpus.
 * Also -ENOMEM.
 */
int parse_cpu_list(const char *text, int **cpus, size_t *n_cpus);

#endif
