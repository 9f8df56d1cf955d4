/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who got the CPU of a task that was preempted: so that a noisy neighbour is seen. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "report/said.h"
#include "session/derive.h"

static double sum_of(const struct preemptions *preemptions)
{
	return derive_real(preemptions->neighbours) + derive_real(preemptions->race) +
	       derive_real(preemptions->idle);
}

static bool was_preempted(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);

	return sleeps && sum_of(&sleeps->preemptions) > 0;
}

/* The named ones, most first; the others are those below them and those that nobody could name. */
static void put_neighbours(const struct sleeps *sleeps, FILE *out)
{
	double others = derive_real(sleeps->preemptions.neighbours);
	const char *before = ": ";
	size_t i;

	for (i = 0; i < sleeps->n_preempted_by; i++) {
		const struct preemptor *neighbour = &sleeps->preempted_by[i];

		if (neighbour->count == NO_INT || neighbour->count == 0)
			continue;
		fputs(before, out);
		view_put_count(out, neighbour->count);
		fprintf(out, "x %s", neighbour->comm);
		if (neighbour->pid != NO_INT)
			fprintf(out, "[%" PRId64 "]", neighbour->pid);
		others -= (double)neighbour->count;
		before = ", ";
	}
	if (others > 0 && others < 9e18) {
		fputs(before, out);
		view_put_count(out, (int64_t)others);
		fputs("x others", out);
	}
}

static void put_preemptions(const struct result *result, FILE *out)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	const struct preemptions *preemptions = &sleeps->preemptions;
	const char *before = "";

	if (preemptions->neighbours > 0) {
		view_put_count(out, preemptions->neighbours);
		fputs(" times by neighbours", out);
		put_neighbours(sleeps, out);
		before = "; ";
	}
	if (preemptions->race > 0) {
		fputs(before, out);
		view_put_count(out, preemptions->race);
		fputs(" by tasks of its own race", out);
		before = "; ";
	}
	if (preemptions->idle > 0) {
		fputs(before, out);
		view_put_count(out, preemptions->idle);
		fputs(" by nobody: the CPU idled", out);
	}
}

int preemptions_write(const struct view *view, FILE *out)
{
	static const struct said said = {
		.title = "Preempted:",
		.what = "who got the CPU of a task that could have gone on [pid]",
		.applies = was_preempted,
		.put = put_preemptions,
	};

	return said_write(view, out, &said);
}
