/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/eta.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

int eta_init(struct eta *eta, const struct plan *plan)
{
	*eta = (struct eta){ .plan = plan };
	eta->over = calloc(plan->n_entries + 1, sizeof(*eta->over));
	eta->entries = calloc(plan->n_entries + 1, sizeof(*eta->entries));
	return eta->over && eta->entries ? 0 : -ENOMEM;
}

void eta_free(struct eta *eta)
{
	free(eta->over);
	free(eta->entries);
	*eta = (struct eta){ 0 };
}

/* 0: the work is fixed, and the duration is not. */
static uint64_t duration_of(const struct eta *eta, const struct step *step)
{
	uint64_t duration_ns = eta->plan->entries[step->entry].duration_ns;

	return duration_ns == OPTION_UNSET ? 0 : duration_ns;
}

/* To which others it is likened. */
static struct eta_sum *sum_of(struct eta *eta, const struct step *step)
{
	return duration_of(eta, step) ? &eta->levels[step->level] : &eta->entries[step->entry];
}

static void add(struct eta_sum *sum, uint64_t ns)
{
	sum->ns += ns;
	sum->races++;
}

/* One that hung says nothing of the others. */
static void learn(struct eta *eta, uint64_t took_ns)
{
	const struct step *step = &eta->plan->steps[eta->step];
	uint64_t duration_ns = duration_of(eta, step);

	if (took_ns >= plan_deadline_ns(eta->plan, &eta->plan->entries[step->entry]))
		return;
	took_ns -= took_ns < duration_ns ? took_ns : duration_ns;
	add(sum_of(eta, step), took_ns);
	add(&eta->all, took_ns);
}

/* Without any of its kind it is likened to all there are. */
static uint64_t expected_ns(struct eta *eta, const struct step *step)
{
	const struct eta_sum *sum = sum_of(eta, step);

	if (!sum->races)
		sum = &eta->all;
	return duration_of(eta, step) + (sum->races ? sum->ns / sum->races : 0);
}

uint64_t eta_next(struct eta *eta, size_t step, uint64_t now_ns)
{
	const struct plan *plan = eta->plan;
	uint64_t left_ns = 0;

	if (eta->racing)
		learn(eta, now_ns - eta->since_ns);
	for (size_t i = eta->racing ? eta->step + 1 : 0; i < step; i++)
		eta->over[plan->steps[i].entry] = true;
	eta->racing = true;
	eta->step = step;
	eta->since_ns = now_ns;
	if (!eta->all.races && !duration_of(eta, &plan->steps[step]))
		return ETA_UNKNOWN;
	for (size_t i = step; i < plan->n_steps; i++)
		if (!eta->over[plan->steps[i].entry])
			left_ns += expected_ns(eta, &plan->steps[i]);
	return left_ns;
}

static uint64_t rounded_up(uint64_t ns, uint64_t unit_ns)
{
	return ns / unit_ns + (ns % unit_ns != 0);
}

void eta_text(uint64_t left_ns, char text[32])
{
	const uint64_t minute_ns = 60 * NS_PER_S, hour_ns = 60 * minute_ns;

	if (left_ns == ETA_UNKNOWN)
		text[0] = '\0';
	else if (left_ns <= 99 * NS_PER_S)
		snprintf(text, 32, "about %" PRIu64 " s left", rounded_up(left_ns, NS_PER_S));
	else if (left_ns <= 99 * minute_ns)
		snprintf(text, 32, "about %" PRIu64 " min left", rounded_up(left_ns, minute_ns));
	else
		snprintf(text, 32, "about %" PRIu64 " h left", rounded_up(left_ns, hour_ns));
}
