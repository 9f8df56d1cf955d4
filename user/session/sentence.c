/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/sentence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/number.h"

int sentence_open(struct sentence *s)
{
	*s = (struct sentence){ 0 };
	s->out = open_memstream(&s->text, &s->size);
	return s->out ? 0 : -ENOMEM;
}

int sentence_close(struct sentence *s)
{
	if (!fclose(s->out) && !s->err)
		return 0;
	figures_free(s->figures, s->n_figures);
	free(s->text);
	*s = (struct sentence){ .err = -ENOMEM };
	return -ENOMEM;
}

void figures_free(struct figure *figures, size_t n_figures)
{
	for (size_t i = 0; i < n_figures; i++) {
		free(figures[i].name);
		free(figures[i].unit);
	}
	free(figures);
}

void say(struct sentence *s, const char *words)
{
	fputs(words, s->out);
}

/* The only way a number gets into a sentence. */
static void say_number(struct sentence *s, const char *name, const char *text, double value,
		       const char *unit)
{
	struct figure *grown = realloc(s->figures, (s->n_figures + 1) * sizeof(*grown));
	struct figure *figure;

	if (!grown) {
		s->err = -ENOMEM;
		return;
	}
	s->figures = grown;
	figure = &grown[s->n_figures++];
	figure->name = strdup(name);
	figure->unit = strdup(unit);
	figure->value = value;
	if (!figure->name || !figure->unit)
		s->err = -ENOMEM;
	fprintf(s->out, *unit ? "%s %s" : "%s", text, unit);
}

void say_value(struct sentence *s, const char *name, double value)
{
	char text[NUMBER_TEXT];
	double printed = number_text(text, value);

	say_number(s, name, text, printed, "");
}

void say_count(struct sentence *s, const char *name, int64_t count)
{
	char text[NUMBER_TEXT];
	double printed = number_count(text, count);

	say_number(s, name, text, printed, "");
}

void say_percent(struct sentence *s, const char *name, double percent)
{
	char text[NUMBER_TEXT];
	double printed = number_percent(text, percent);

	say_number(s, name, text, printed, "%");
}

void say_time(struct sentence *s, const char *name, double ns)
{
	const char *unit;
	char text[NUMBER_TEXT];
	double printed = number_time(text, ns, &unit);

	say_number(s, name, text, printed, unit);
}
