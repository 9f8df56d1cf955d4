/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A sentence in the making, and its figures. A number gets in by one of the functions below alone,
 * which append its text and its figure together: so every number of a sentence can be looked up.
 */
#ifndef SESSION_SENTENCE_H
#define SESSION_SENTENCE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "session/session.h"

struct sentence {
	FILE *out;
	char *text;
	size_t size;
	struct figure *figures;
	size_t n_figures;
	int err;
};

/* Returns 0 or -ENOMEM. An opened sentence must be closed. */
int sentence_open(struct sentence *s);

/* Text and figures are the caller's then, to free. Returns 0 or -ENOMEM, and then there are none. */
int sentence_close(struct sentence *s);

void figures_free(struct figure *figures, size_t n_figures);

/* Words without a digit in them, but for a name in single quotes. */
void say(struct sentence *s, const char *words);

/* A number as session/number.h writes it; `name` is the figure's. Running out of memory sets err. */
void say_value(struct sentence *s, const char *name, double value);
void say_count(struct sentence *s, const char *name, int64_t count);
void say_percent(struct sentence *s, const char *name, double percent);
void say_time(struct sentence *s, const char *name, double ns);

#endif
