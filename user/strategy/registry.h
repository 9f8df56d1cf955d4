/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strategies there are, by name. */
#ifndef STRATEGY_REGISTRY_H
#define STRATEGY_REGISTRY_H

#include "strategy/strategy.h"

extern const struct strategy *const strategies[];
extern const size_t n_strategies;

/* NULL when there is none of that name. */
const struct strategy *strategy_find(const char *name);

const char *family_name(enum family family);
const char *mode_name(enum mode mode);

#endif
