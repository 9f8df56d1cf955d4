/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/other_sum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/call_totals.h"

static struct other_sum *sum_of(struct other_sums *sums, uint32_t call)
{
	struct other_sum *grown;

	for (size_t i = 0; i < sums->n; i++)
		if (sums->calls[i].call == call)
			return &sums->calls[i];
	grown = realloc(sums->calls, (sums->n + 1) * sizeof(*grown));
	if (!grown)
		return NULL;
	sums->calls = grown;
	grown += sums->n++;
	*grown = (struct other_sum){ .call = call };
	return grown;
}

/* A call keeps its place in a slot's table, so entries of two snapshots pair by index. */
int other_sums_add(struct other_sums *sums, const struct tb_other from[TB_OTHERS],
		   const struct tb_other to[TB_OTHERS])
{
	for (int i = 0; i < TB_OTHERS; i++) {
		struct other_sum *sum;

		if (to[i].slept == from[i].slept)
			continue;
		sum = sum_of(sums, to[i].call);
		if (!sum)
			return -ENOMEM;
		sum->slept += to[i].slept - from[i].slept;
		sum->wait_ns += to[i].wait_ns - from[i].wait_ns;
	}
	return 0;
}

void other_sums_free(struct other_sums *sums)
{
	free(sums->calls);
}

char *other_name(uint32_t call)
{
	switch (call) {
	case TB_OTHER_STOPPED:
		return strdup("stopped");
	case TB_OTHER_REST:
		return strdup("unnamed");
	default:
		return syscall_name(call);
	}
}
