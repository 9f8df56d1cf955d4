/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/waits.h"

#include <math.h>

#include "report/cell.h"

#define ROWS_OF_THEIR_OWN 5

/* A row for one that has none would take as much room as its own. */
size_t waits_rows(size_t n)
{
	return n <= ROWS_OF_THEIR_OWN + 1 ? n : ROWS_OF_THEIR_OWN + 1;
}

bool waits_is_rest(size_t n, size_t part)
{
	return n > ROWS_OF_THEIR_OWN + 1 && part == ROWS_OF_THEIR_OWN;
}

static struct waits sum(const struct wait_list *list, size_t from)
{
	struct waits sum = { 0, 0, NAN };
	size_t i;

	for (i = from; i < list->n; i++) {
		struct waits waits = list->at(list->items, i);

		sum.count += waits.count;
		sum.total_ns += waits.total_ns;
		/* fmax() takes what is a number. */
		sum.longest_ns = fmax(sum.longest_ns, waits.longest_ns);
	}
	return sum;
}

struct waits waits_of(const struct wait_list *list, size_t part)
{
	if (part == NO_PART)
		return sum(list, 0);
	return waits_is_rest(list->n, part) ? sum(list, part) : list->at(list->items, part);
}

void waits_put_total(struct waits waits, FILE *out)
{
	if (waits.total_ns == 0)
		fputc('0', out);
	else
		cell_put_duration(out, waits.total_ns);
}

void waits_put_mean(struct waits waits, FILE *out)
{
	cell_put_duration(out, waits.count > 0 ? waits.total_ns / waits.count : NAN);
}

void waits_put_longest(struct waits waits, FILE *out)
{
	cell_put_duration(out, waits.longest_ns);
}

void waits_put_rest(size_t n, FILE *out)
{
	fputs("and ", out);
	view_put_count(out, (int64_t)(n - ROWS_OF_THEIR_OWN));
	fputs(" more", out);
}
