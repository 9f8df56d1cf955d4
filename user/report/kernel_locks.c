/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits for locks inside the kernel. A lock in user space shows up in these at most by accident. */
#include <stdlib.h>
#include <string.h>

#include "report/view.h"
#include "session/derive.h"
#include "session/number.h"

struct lock_type {
	const char *name;
	double count;
};

#define LOCK_TYPES 8

static size_t sum_by_type(const struct sleeps *sleeps, struct lock_type types[LOCK_TYPES])
{
	size_t n = 0, i, at;

	for (i = 0; i < sleeps->n_contention; i++) {
		const struct contention *lock = &sleeps->contention[i];
		const char *name = lock->type ? lock->type : "-";

		for (at = 0; at < n && strcmp(types[at].name, name); at++)
			;
		if (at == LOCK_TYPES)
			continue;
		if (at == n)
			types[n++] = (struct lock_type){ name, 0 };
		types[at].count += derive_real(lock->count);
	}
	return n;
}

static int most_first(const void *a, const void *b)
{
	double left = ((const struct lock_type *)a)->count;
	double right = ((const struct lock_type *)b)->count;

	return (left < right) - (left > right);
}

void kernel_locks_put(const struct sleeps *sleeps, FILE *out)
{
	struct lock_type types[LOCK_TYPES];
	size_t n = sum_by_type(sleeps, types), i;
	char text[NUMBER_TEXT];

	if (!n)
		fputc('0', out);
	qsort(types, n, sizeof(types[0]), most_first);
	for (i = 0; i < n && i < 2; i++) {
		number_compact(text, derive_per_kop(types[i].count, derive_real(sleeps->ops)));
		fprintf(out, "%s%s %s", i ? ", " : "", types[i].name, text);
	}
	if (n > 2)
		fprintf(out, " +%zu", n - 2);
}
