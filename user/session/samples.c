/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/samples.h"

#include <errno.h>
#include <stdlib.h>

int samples_append(struct samples *samples, double value)
{
	double *grown = realloc(samples->values, (samples->n + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	grown[samples->n++] = value;
	samples->values = grown;
	return 0;
}
