/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sysctl.h"

#include <stdio.h>

long sysctl_read(const char *path, long otherwise)
{
	FILE *file = fopen(path, "re");
	long value;

	if (!file)
		return otherwise;
	if (fscanf(file, "%ld", &value) != 1)
		value = otherwise;
	fclose(file);
	return value;
}
