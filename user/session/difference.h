/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * In what two sessions differ besides their results: program, host, plan, and how the kernel was
 * watched. What differs in any two runs (seed, order, what was measured of the clock) is left out, and
 * lists of what was raced too: they show as rows without a partner.
 */
#ifndef SESSION_DIFFERENCE_H
#define SESSION_DIFFERENCE_H

#include <stddef.h>

#include "session/session.h"

struct difference {
	char *key; /* as in the session file: "host.kernel", "plan.critical_ns" */
	char *base, *now; /* the values as the file has them, "null" included */
};

/* The caller frees by differences_free(), also after an error. Returns 0 or -ENOMEM. */
int differences_find(const struct session *base, const struct session *now,
		     struct difference **differences, size_t *n_differences);
void differences_free(struct difference *differences, size_t n_differences);

#endif
