/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/pick.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/nearest.h"
#include "plan/option.h"

static int refuse(const struct pick_list *list, const char *word)
{
	/* One more than needed: calloc() may give NULL for none. */
	const char **names = calloc(list->n + 1, sizeof(*names));
	const char *near;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < list->n; i++)
		names[i] = list->name(i);
	near = nearest(word, names, list->n);
	if (near)
		log_error("no %s '%s'; did you mean '%s'? (tracebench %s --help)", list->what, word,
			  near, list->command);
	else
		log_error("no %s '%s' (tracebench %s --help)", list->what, word, list->command);
	free(names);
	return -EINVAL;
}

int pick(const struct pick_list *list, const char *word, bool *picked)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(word, list->name(i))) {
			picked[i] = true;
			return 0;
		}
	}
	return refuse(list, word);
}

void pick_all_if_none(const struct pick_list *list, bool *picked)
{
	for (size_t i = 0; i < list->n; i++)
		if (picked[i])
			return;
	for (size_t i = 0; i < list->n; i++)
		picked[i] = true;
}

void pick_print_words(const struct pick_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		option_print_word(list->name(i));
}
