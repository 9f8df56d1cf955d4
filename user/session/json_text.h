/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where in a text a value is. jansson tells the line of what is no JSON, and keeps no positions of
 * what is: so where a value is wrong, its path is followed through the text once more. That costs
 * nothing where all is well, but for the text, which has to be kept until then.
 *
 * The text must be JSON (jansson has read it) and end with a zero byte: these only follow it, and check
 * nothing.
 */
#ifndef SESSION_JSON_TEXT_H
#define SESSION_JSON_TEXT_H

#include <stddef.h>

/*
 * Where the value of a member begins, of an object that begins at `object`; an element's, of a list.
 * NULL: it has none, or is neither.
 */
const char *json_text_member(const char *object, const char *key);
const char *json_text_element(const char *list, size_t index);

/* The line of a place in the text, from 1. */
size_t json_text_line(const char *text, const char *place);

#endif
