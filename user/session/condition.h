/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The conditions under which untraced repeats were run: recorded race by race, then copied. */
#ifndef SESSION_CONDITION_H
#define SESSION_CONDITION_H

#include <stddef.h>

#include "race/engine.h"
#include "session/record.h"
#include "session/session.h"
#include "session/taken.h"

/* Adds those of an untraced race that record_add() has just taken; of one that it has not, none.
 * Returns 0 or -ENOMEM. */
int record_add_condition(struct record *record, const struct race_outcome *outcome,
			 const struct taken *taken);

/* Returns 0 or -ENOMEM. */
int conditions_copy(const struct record *record, struct result *result);

void conditions_free(struct condition *conditions, size_t n);

#endif
