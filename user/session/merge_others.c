/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sleeps whose reason has no name of its own: in which system call they were. */
#include <errno.h>
#include <stdlib.h>

#include "session/merge.h"

static int longest_wait_first(const void *a, const void *b)
{
	int64_t left = ((const struct other_wait *)a)->wait_ns;
	int64_t right = ((const struct other_wait *)b)->wait_ns;

	return (left < right) - (left > right);
}

int merge_others(const struct other_sums *sums, struct sleeps *sleeps)
{
	sleeps->other = calloc(sums->n + 1, sizeof(*sleeps->other));
	if (!sleeps->other)
		return -ENOMEM;
	for (size_t i = 0; i < sums->n; i++) {
		const struct other_sum *sum = &sums->calls[i];
		struct other_wait *wait = &sleeps->other[sleeps->n_other++];

		wait->slept = (int64_t)sum->slept;
		wait->wait_ns = (int64_t)sum->wait_ns;
		wait->name = other_name(sum->call);
		if (!wait->name)
			return -ENOMEM;
	}
	qsort(sleeps->other, sleeps->n_other, sizeof(*sleeps->other), longest_wait_first);
	return 0;
}
