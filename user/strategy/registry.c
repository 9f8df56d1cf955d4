/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "strategy/registry.h"

#include <string.h>

#include "strategy/list.h"

#define DECLARE(name) extern const struct strategy strategy_##name;
STRATEGY_LIST(DECLARE)

#define ADDRESS(name) &strategy_##name,
const struct strategy *const strategies[] = { STRATEGY_LIST(ADDRESS) };
const size_t n_strategies = sizeof(strategies) / sizeof(strategies[0]);

static const char *const family_names[FAMILIES] = {
	[FAMILY_PLAIN] = "plain", [FAMILY_LOCK] = "lock", [FAMILY_MESSAGE] = "message",
	[FAMILY_LOCAL] = "local", [FAMILY_TURN] = "turn",
};

static const char *const mode_names[MODES] = {
	[MODE_THREADS] = "threads",
	[MODE_PROCESSES] = "processes",
};

const struct strategy *strategy_find(const char *name)
{
	for (size_t i = 0; i < n_strategies; i++)
		if (strcmp(strategies[i]->name, name) == 0)
			return strategies[i];
	return NULL;
}

const char *family_name(enum family family)
{
	return family_names[family];
}

const char *mode_name(enum mode mode)
{
	return mode_names[mode];
}
