/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words on the command line that pick from a list of named things; no words pick all. */
#ifndef COMMAND_PICK_H
#define COMMAND_PICK_H

#include <stdbool.h>
#include <stddef.h>

struct pick_list {
	const char *what; /* one of them is: "lock" */
	const char *command; /* whose --help lists them */
	size_t n;
	const char *(*name)(size_t i);
};

/* Sets picked[i] of that name. Returns 0, -EINVAL after one line on stderr, or -ENOMEM. */
int pick(const struct pick_list *list, const char *word, bool *picked);
void pick_all_if_none(const struct pick_list *list, bool *picked);

/* Each by option_print_word(). */
void pick_print_words(const struct pick_list *list);

#endif
