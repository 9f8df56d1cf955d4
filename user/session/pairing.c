/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/pairing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/fields.h"
#include "session/fleet.h"
#include "session/point.h"

static bool agree(int64_t base, int64_t now)
{
	return base == now || base == NO_INT || now == NO_INT;
}

static bool same_name(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool has_hosts(const struct session *session)
{
	for (size_t i = 1; i < session->n_sources; i++)
		if (!same_name(session->sources[i].host.hostname,
			       session->sources[0].host.hostname))
			return true;
	return false;
}

static bool same_host(const struct comparison *comparison, const struct result *base,
		      const struct result *now)
{
	return !comparison->by_host || same_name(fleet_host(comparison->base, base)->hostname,
						 fleet_host(comparison->now, now)->hostname);
}

static bool are_a_pair(const struct comparison *comparison, const struct result *base,
		       const struct result *now)
{
	return !strcmp(base->strategy, now->strategy) && !strcmp(base->mode, now->mode) &&
	       agree(base->workers, now->workers) && agree(base->batch, now->batch) &&
	       agree(base->permits, now->permits) && agree(base->message, now->message) &&
	       same_host(comparison, base, now) &&
	       point_is_shared(fleet_plan(comparison->base, base), base, now) &&
	       point_is_shared(fleet_plan(comparison->now, now), base, now);
}

/* The first of the other side's that is like this one and still free; as many as there are: none. */
static size_t partner_of(const struct comparison *comparison, const struct result *base,
			 const bool *taken)
{
	size_t i;

	for (i = 0; i < comparison->now->n_results; i++)
		if (!taken[i] && are_a_pair(comparison, base, &comparison->now->results[i]))
			break;
	return i;
}

int pairing_make(struct comparison *comparison)
{
	const struct session *base = comparison->base, *now = comparison->now;
	bool *taken = calloc(now->n_results + 1, sizeof(*taken));
	size_t i;

	comparison->by_host = has_hosts(base) || has_hosts(now);
	comparison->rows = calloc(base->n_results + 1, sizeof(*comparison->rows));
	comparison->only_base = calloc(base->n_results + 1, sizeof(const struct result *));
	comparison->only_now = calloc(now->n_results + 1, sizeof(const struct result *));
	if (!taken || !comparison->rows || !comparison->only_base || !comparison->only_now) {
		free(taken);
		return -ENOMEM;
	}
	for (i = 0; i < base->n_results; i++) {
		size_t partner = partner_of(comparison, &base->results[i], taken);

		if (partner == now->n_results) {
			comparison->only_base[comparison->n_only_base++] = &base->results[i];
			continue;
		}
		taken[partner] = true;
		comparison->rows[comparison->n_rows++] =
			(struct compared){ .base = &base->results[i],
					   .now = &now->results[partner] };
	}
	for (i = 0; i < now->n_results; i++)
		if (!taken[i])
			comparison->only_now[comparison->n_only_now++] = &now->results[i];
	free(taken);
	return 0;
}
