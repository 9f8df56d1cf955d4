/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/json_text.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

static const char *skip_blanks(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* Behind the closing quote. */
static const char *skip_string(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : at;
}

/* Behind a value, by counting what opens and closes outside of strings. */
static const char *skip_value(const char *at)
{
	size_t depth = 0;

	do {
		at = skip_blanks(at);
		if (*at == '"') {
			at = skip_string(at);
			continue;
		}
		if (*at == '{' || *at == '[')
			depth++;
		else if (*at == '}' || *at == ']')
			depth--;
		else if (*at != ',' && *at != ':')
			at += strcspn(at, ",:]}{[\" \t\r\n") - 1;
		at++;
	} while (depth && *at);
	return at;
}

/* A key may be written with escapes. */
static bool is_key(const char *from, const char *to, const char *key)
{
	json_t *name = json_loadb(from, (size_t)(to - from), JSON_DECODE_ANY, NULL);
	bool same = name && !strcmp(json_string_value(name), key);

	json_decref(name);
	return same;
}

const char *json_text_member(const char *object, const char *key)
{
	const char *at = skip_blanks(object + 1);

	while (*object == '{' && *at == '"') {
		const char *end = skip_string(at);
		const char *value = skip_blanks(skip_blanks(end) + 1);

		if (is_key(at, end, key))
			return value;
		at = skip_blanks(skip_value(value));
		at = *at == ',' ? skip_blanks(at + 1) : at;
	}
	return NULL;
}

const char *json_text_element(const char *list, size_t index)
{
	const char *at = skip_blanks(list + 1);

	while (*list == '[' && *at && *at != ']') {
		if (index-- == 0)
			return at;
		at = skip_blanks(skip_value(at));
		at = *at == ',' ? skip_blanks(at + 1) : at;
	}
	return NULL;
}

size_t json_text_line(const char *text, const char *place)
{
	size_t line = 1;

	while ((text = memchr(text, '\n', (size_t)(place - text)))) {
		line++;
		text++;
	}
	return line;
}
