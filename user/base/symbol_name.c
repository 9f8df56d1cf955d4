/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/symbol_name.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/foreign.h"

void symbol_name_at(const char *what, uint64_t offset, char name[SYMBOL_NAME])
{
	char behind[sizeof("+0x") + 2 * sizeof(offset)];
	size_t length = (size_t)snprintf(behind, sizeof(behind), "+0x%" PRIx64, offset);

	foreign_fit(what, name, SYMBOL_NAME - length);
	strcat(name, behind);
}

void symbol_name(const char *what, uint64_t offset, char name[SYMBOL_NAME])
{
	if (offset)
		symbol_name_at(what, offset, name);
	else
		foreign_fit(what, name, SYMBOL_NAME);
}
