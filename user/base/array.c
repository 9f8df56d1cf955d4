/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void *array_append(void *array, size_t *n, size_t size)
{
	char *first, *grown;

	memcpy(&first, array, sizeof(first));
	grown = reallocarray(first, *n + 1, size);
	if (!grown)
		return NULL;
	memcpy(array, &grown, sizeof(grown));
	return memset(grown + (*n)++ * size, 0, size);
}
