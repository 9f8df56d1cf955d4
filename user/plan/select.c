/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plan/select.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "strategy/registry.h"

/* A name for every strategy. */
#define SELECT_ALL "all"

static int refuse(const char *name)
{
	const char **known = calloc(2 * n_strategies + 1, sizeof(*known));
	const char *near;

	if (!known)
		return -ENOMEM;
	for (size_t i = 0; i < n_strategies; i++) {
		known[i] = strategies[i]->name;
		known[n_strategies + i] = family_name(strategies[i]->family);
	}
	known[2 * n_strategies] = SELECT_ALL;
	near = nearest(name, known, 2 * n_strategies + 1);
	if (near)
		log_error("no strategy or family '%s'; did you mean '%s'? (tracebench list)", name,
			  near);
	else
		log_error("no strategy or family '%s' (tracebench list)", name);
	free(known);
	return -EINVAL;
}

static bool stands_for(const char *name, const struct strategy *strategy)
{
	return !strcmp(name, strategy->name) || !strcmp(name, family_name(strategy->family)) ||
	       !strcmp(name, SELECT_ALL);
}

int select_strategies(const char *const *names, size_t n_names, bool *selected)
{
	for (size_t i = 0; i < n_strategies; i++)
		selected[i] = false;
	for (size_t n = 0; n < n_names; n++) {
		bool known = false;

		for (size_t i = 0; i < n_strategies; i++) {
			if (stands_for(names[n], strategies[i]))
				known = selected[i] = true;
		}
		if (!known)
			return refuse(names[n]);
	}
	return 0;
}
