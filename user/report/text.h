/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text on a terminal: cleaned, coloured, wrapped. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <locale.h>
#include <stdio.h>

#include "report/report.h"

/* BY_LETTER: of a bar, whose letters have a colour each (budget_paint). */
enum paint { PLAIN, BOLD, DIM, GREEN, YELLOW, BLUE, RED, ALARM, BY_LETTER, PAINTS };

/* The escape sequence that starts a colour; "" for PLAIN and BY_LETTER. PAINT_END ends any. */
const char *paint_start(enum paint paint);
#define PAINT_END "\033[0m"

/* A text in the making: printed into `out`, then taken as one string. */
struct draft {
	FILE *out;
	char *text;
	size_t size;
};

/* Returns 0 or -ENOMEM. An opened draft must be closed. */
int draft_open(struct draft *draft);
/* The text, which the caller frees; NULL: no memory. */
char *draft_close(struct draft *draft);

/*
 * From here to the end this thread's characters are those of UTF-8, whatever the locale, if the C
 * library has it; the style says whether. The end takes what the beginning returned.
 */
locale_t text_begin_utf8(struct report_style *style);
void text_end_utf8(locale_t before);

/*
 * A copy in which nothing can move the cursor or change the colour: what is not printable becomes
 * "?". Without utf8 a few characters have an ASCII form (· |, ± +-, … ~) and others become "?".
 * The caller frees; NULL: no memory.
 */
char *text_clean(const char *text, const struct report_style *style);

/* Columns that a clean text takes. */
unsigned int text_width(const char *text);

/* Cuts a clean text in place to so many columns, the last an ellipsis where it was longer. */
void text_cut(char *text, unsigned int columns, const struct report_style *style);

/*
 * Writes a label and after it (in Markdown: an item of a list), from column `indent` on, the text, wrapped at the style's width.
 * A label that is too long for the indent has a line of its own. Cleans both. Returns 0 or -ENOMEM.
 */
int text_wrap(FILE *out, const struct report_style *style, const char *label, enum paint paint,
	      unsigned int indent, const char *text);

#endif
