/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the table says to programs: words, options, and the values that can be listed. */
#include <stdio.h>

#include "plan/option.h"

void option_print_word(const char *word)
{
	printf("word %s\n", word);
}

static void print_option(const struct option_spec *spec)
{
	printf("option %s %c %s", spec->name, spec->letter ? spec->letter : '-',
	       spec->value ? spec->value : "-");
	if (spec->kind == KIND_COUNT_OR_ALL)
		fputs(" all", stdout);
	for (const struct option_choice *choice = spec->choices; choice && choice->name; choice++)
		printf(" %s", choice->name);
	putchar('\n');
}

void option_print_words(const struct option_reading *reading)
{
	if (reading->print_words)
		reading->print_words();
	else if (reading->take_word)
		puts("files");
	for (size_t i = 0; i < reading->n_specs; i++)
		print_option(&reading->specs[i]);
}
