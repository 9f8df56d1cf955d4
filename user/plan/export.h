/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be exported, and where to: --export=KIND=FILE, any number of them. */
#ifndef PLAN_EXPORT_H
#define PLAN_EXPORT_H

#include <stddef.h>

#include "base/export_list.h"
#include "plan/option.h"

struct export_wish {
	unsigned int kind; /* enum export_kind */
	char *path; /* "-": standard output */
};

/* In the order given, no two of one file. */
struct export_wishes {
	struct export_wish *list;
	size_t n;
};

/* The kinds by name, for every command that has --export. */
extern const struct option_choice export_choices[];
#define EXPORT_HELP "KIND is one of those below; FILE may be -; repeatable"

/* The end of a command's help: the kinds, on stdout. */
void export_print_kinds(void);

/* The one that is written to this file, or NULL. */
const struct export_wish *export_wishes_find(const struct export_wishes *wishes, const char *path);
void export_wishes_free(struct export_wishes *wishes);

#endif
