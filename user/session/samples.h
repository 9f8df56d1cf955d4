/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing list of samples, one a race. */
#ifndef SESSION_SAMPLES_H
#define SESSION_SAMPLES_H

#include <stddef.h>

struct samples {
	double *values; /* owned; free() it */
	size_t n;
};

/* Returns 0 or -ENOMEM, and then nothing has changed. */
int samples_append(struct samples *samples, double value);

#endif
