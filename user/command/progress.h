/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far it is: one line on stderr that is written again and again, between races. */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether stderr is a terminal that can show it. */
bool progress_is_wanted(void);

/* Step `step` of `n_steps`, which is about `what`. */
void progress_show(size_t step, size_t n_steps, const char *what);
void progress_clear(void);

#endif
