/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a session as JSON, for formats that are made of it. */
#ifndef SESSION_JSON_PART_H
#define SESSION_JSON_PART_H

#include <jansson.h>
#include <stdio.h>

#include "session/fields.h"

/* An object as it is in the session file. The caller owns it; NULL: no memory. */
json_t *json_part(const struct shape *shape, const void *object);

/* Writes it indented, or in one line. Returns 0 or a negative errno, -EIO where the C library does not tell why. */
int json_part_document(const json_t *json, FILE *out);
int json_part_line(const json_t *json, FILE *out);

#endif
