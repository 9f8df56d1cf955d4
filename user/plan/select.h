/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strategies that were asked for. For plan.c. */
#ifndef PLAN_SELECT_H
#define PLAN_SELECT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Sets selected[i] for each strategies[i] of the registry that a name stands for, itself, by
 * its family or as "all". Returns 0, -ENOMEM, or -EINVAL, after a line on stderr, for
 * a name that is neither.
 */
int select_strategies(const char *const *names, size_t n_names, bool *selected);

#endif
