/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which limit to look at when the kernel refuses. */
#ifndef BASE_HINT_H
#define BASE_HINT_H

#include <errno.h>

/* " (ulimit -n?)" and the like, to follow strerror(); empty where no limit is a likely cause. */
static inline const char *limit_hint(int errno_value)
{
	switch (errno_value) {
	case EMFILE:
		return " (ulimit -n?)";
	case EAGAIN:
		return " (ulimit -u?)";
	case ENOMEM:
		return " (ulimit -v?)";
	default:
		return "";
	}
}

#endif
