/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points of a scan: which results can be compared. */
#ifndef SESSION_POINT_H
#define SESSION_POINT_H

#include <stdbool.h>

#include "session/session.h"

/*
 * Whether there is a point of the plan's scan that both results stand for: no option that was
 * scanned has two values in them. What takes no such option (null) stands for all its values.
 */
bool point_is_shared(const struct plan_record *plan, const struct result *a,
		     const struct result *b);

#endif
