/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/text.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "report/html.h"
#include "report/markdown.h"

const char *paint_start(enum paint paint)
{
	static const char *const starts[PAINTS] = {
		[PLAIN] = "",	      [BOLD] = "\033[1m",     [DIM] = "\033[2m",
		[GREEN] = "\033[32m", [YELLOW] = "\033[33m",  [BLUE] = "\033[34m",
		[RED] = "\033[31m",   [ALARM] = "\033[1;31m", [BY_LETTER] = "",
	};

	return starts[paint];
}

int draft_open(struct draft *draft)
{
	draft->text = NULL;
	draft->out = open_memstream(&draft->text, &draft->size);
	return draft->out ? 0 : -ENOMEM;
}

char *draft_close(struct draft *draft)
{
	if (!fclose(draft->out))
		return draft->text;
	free(draft->text);
	return NULL;
}

locale_t text_begin_utf8(struct report_style *style)
{
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	style->utf8 = utf8 != (locale_t)0;
	return utf8 ? uselocale(utf8) : (locale_t)0;
}

void text_end_utf8(locale_t before)
{
	if (before)
		freelocale(uselocale(before));
}

/* Copies one character that starts with a byte above ASCII; returns the bytes it took. */
static size_t clean_ascii(const char *from, FILE *to)
{
	static const struct {
		const char *utf8, *ascii;
	} forms[] = { { "·", "|" }, { "±", "+-" }, { "…", "~" } };
	size_t length = 1, i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!strncmp(from, forms[i].utf8, strlen(forms[i].utf8))) {
			fputs(forms[i].ascii, to);
			return strlen(forms[i].utf8);
		}
	}
	while (((unsigned char)from[length] & 0xc0) == 0x80)
		length++;
	fputc('?', to);
	return length;
}

static size_t clean_utf8(const char *from, FILE *to)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t length = mbrtowc(&wide, from, strlen(from), &state);

	if (length == (size_t)-1 || length == (size_t)-2 || length == 0) {
		fputc('?', to);
		return 1;
	}
	if (iswprint((wint_t)wide) && wcwidth(wide) > 0)
		fwrite(from, 1, length, to);
	else
		fputc('?', to);
	return length;
}

char *text_clean(const char *text, const struct report_style *style)
{
	struct draft draft;

	if (draft_open(&draft))
		return NULL;
	while (*text) {
		unsigned char byte = (unsigned char)*text;

		if (byte >= 0x80) {
			text += style->utf8 ? clean_utf8(text, draft.out) :
					      clean_ascii(text, draft.out);
			continue;
		}
		fputc(byte >= ' ' && byte != 0x7f ? byte : '?', draft.out);
		text++;
	}
	return draft_close(&draft);
}

/* The bytes of the first character, and its columns. */
static size_t first_character(const char *text, unsigned int *columns)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t length = mbrtowc(&wide, text, strlen(text), &state);

	*columns = 1;
	if (length == (size_t)-1 || length == (size_t)-2 || length == 0)
		return 1;
	if (wcwidth(wide) >= 0)
		*columns = (unsigned int)wcwidth(wide);
	return length;
}

/* The bytes of as much text as fits in so many columns. */
static size_t fitting(const char *text, unsigned int columns)
{
	size_t bytes = 0;
	unsigned int used = 0, next;

	while (text[bytes]) {
		size_t length = first_character(text + bytes, &next);

		if (used + next > columns)
			break;
		used += next;
		bytes += length;
	}
	return bytes;
}

static unsigned int columns_of(const char *text, size_t bytes)
{
	const char *end = text + bytes;
	unsigned int width = 0, columns;

	while (text < end && *text) {
		text += first_character(text, &columns);
		width += columns;
	}
	return width;
}

unsigned int text_width(const char *text)
{
	return columns_of(text, strlen(text));
}

void text_cut(char *text, unsigned int columns, const struct report_style *style)
{
	const char *mark = style->utf8 ? "…" : "~";
	size_t length = strlen(text), bytes;

	if (text_width(text) <= columns || !columns)
		return;
	bytes = fitting(text, columns - 1);
	/* The mark may be longer than the characters that it stands for. */
	if (bytes + strlen(mark) > length)
		mark = "~";
	memcpy(text + bytes, mark, strlen(mark) + 1);
}

static void new_line(FILE *out, unsigned int indent)
{
	fprintf(out, "\n%*s", (int)indent, "");
}

/*
 * A word and what must not be torn from it: a number keeps its unit, a separator stays at the end
 * of its line.
 */
static size_t unbreakable(const char *text)
{
	size_t length = strcspn(text, " ");

	while (text[length] == ' ') {
		const char *next = text + length + 1;
		size_t more = strcspn(next, " ");
		bool separator = (more == 1 && *next == '|') || !strncmp(next, "· ", 3);

		if (!separator && (more == 0 || more > 2 || !isdigit((unsigned char)*text)))
			break;
		length += 1 + more;
		if (separator)
			break;
	}
	return length;
}

static void wrap_words(FILE *out, unsigned int width, unsigned int indent, const char *text)
{
	unsigned int room = width - indent, used = 0;

	while (*text) {
		size_t word = unbreakable(text);
		unsigned int columns = columns_of(text, word);

		if (used && used + 1 + columns > room) {
			new_line(out, indent);
			used = 0;
		}
		if (columns > room) {
			word = fitting(text, room);
			columns = room;
		}
		fprintf(out, "%s%.*s", used ? " " : "", (int)word, text);
		used += columns + (used ? 1 : 0);
		text += word;
		text += strspn(text, " ");
	}
}

static void wrap(FILE *out, const struct report_style *style, char *label, enum paint paint,
		 unsigned int indent, const char *text)
{
	unsigned int columns;

	text_cut(label, style->width, style);
	columns = text_width(label);
	if (style->color && paint != PLAIN && *label)
		fprintf(out, "%s%s" PAINT_END, paint_start(paint), label);
	else
		fputs(label, out);
	if (*label && columns + 1 > indent)
		new_line(out, indent);
	else
		fprintf(out, "%*s", (int)(indent - columns), "");
	wrap_words(out, style->width, indent, text);
	fputc('\n', out);
}

int text_wrap(FILE *out, const struct report_style *style, const char *label, enum paint paint,
	      unsigned int indent, const char *text)
{
	char *clean_label = text_clean(label, style), *clean = text_clean(text, style);
	int err = clean_label && clean ? 0 : -ENOMEM;

	if (!err && style->markdown)
		markdown_item(out, clean_label, clean);
	else if (!err && style->html)
		html_item(out, clean_label, clean);
	else if (!err)
		wrap(out, style, clean_label, paint, indent, clean);
	free(clean_label);
	free(clean);
	return err;
}
