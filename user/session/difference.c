/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/difference.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/fields.h"

struct found_differences {
	struct difference *list;
	size_t n;
};

/* Parts of a session that say how it came about. */
static bool is_about_the_run(const char *key)
{
	static const char *const parts[] = { "complete", "tool", "host", "plan", "tracing", "how" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!strcmp(key, parts[i]))
			return true;
	return false;
}

/* Alike in no two runs, whatever they are. */
static bool is_of_one_run(const char *key)
{
	static const char *const keys[] = { "seed", "timer_cost_ns", "clock_step_ns", "load_ms" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

static char *written(const char *format, ...) __attribute__((format(printf, 1, 2)));

static char *written(const char *format, ...)
{
	char *text;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	return n < 0 ? NULL : text;
}

static char *integer_text(int64_t value)
{
	return value == NO_INT ? strdup("null") : written("%" PRId64, value);
}

/* The value as text; NULL: no memory, or (*skipped) it is no single value. */
static char *value_text(const struct field *field, const void *value, bool *skipped)
{
	const char *string;
	double real;

	switch (field->kind) {
	case FIELD_INT:
	case FIELD_COUNT:
	case FIELD_VALUE:
		return integer_text(*(const int64_t *)value);
	case FIELD_BATCH:
		if (*(const int64_t *)value == BATCH_ALL)
			return strdup("all");
		return integer_text(*(const int64_t *)value);
	case FIELD_REAL:
		real = *(const double *)value;
		return isfinite(real) ? written("%.6g", real) : strdup("null");
	case FIELD_BOOL:
		return strdup(*(const bool *)value ? "true" : "false");
	case FIELD_CHOICE:
		return strdup(field->choices[*(const int *)value]);
	case FIELD_STRING:
	case FIELD_NAME:
		string = *(const char *const *)value;
		return strdup(string ? string : "null");
	default:
		*skipped = true;
		return NULL;
	}
}

/* Takes the two texts over. */
static int append(struct found_differences *found, const char *path, const char *key, char *base,
		  char *now)
{
	struct difference *grown = realloc(found->list, (found->n + 1) * sizeof(*grown));
	char *name = *path ? written("%s.%s", path, key) : strdup(key);

	if (grown)
		found->list = grown;
	if (!grown || !name) {
		free(name);
		free(base);
		free(now);
		return -ENOMEM;
	}
	found->list[found->n++] = (struct difference){ name, base, now };
	return 0;
}

static int compare_value(struct found_differences *found, const struct field *field,
			 const char *path, const char *base, const char *now)
{
	bool skipped = false;
	char *left = value_text(field, base + field->offset, &skipped);
	char *right = value_text(field, now + field->offset, &skipped);

	if (left && right && strcmp(left, right) != 0)
		return append(found, path, field->key, left, right);
	free(left);
	free(right);
	return (left && right) || skipped ? 0 : -ENOMEM;
}

static int compare_object(struct found_differences *found, const struct shape *shape,
			  const char *path, const void *base, const void *now);

static int compare_field(struct found_differences *found, const struct field *field,
			 const char *path, const char *base, const char *now)
{
	char *inner;
	int err;

	if (field->kind != FIELD_OBJECT)
		return compare_value(found, field, path, base, now);
	if (!is_about_the_run(field->key))
		return 0;
	inner = *path ? written("%s.%s", path, field->key) : strdup(field->key);
	if (!inner)
		return -ENOMEM;
	err = compare_object(found, field->shape, inner, base + field->offset, now + field->offset);
	free(inner);
	return err;
}

static int compare_object(struct found_differences *found, const struct shape *shape,
			  const char *path, const void *base, const void *now)
{
	int err = 0;

	for (size_t i = 0; i < shape->n_fields && !err; i++) {
		const struct field *field = &shape->fields[i];

		if (!field->key || is_of_one_run(field->key) ||
		    (!*path && !is_about_the_run(field->key)))
			continue;
		err = compare_field(found, field, path, base, now);
	}
	return err;
}

int differences_find(const struct session *base, const struct session *now,
		     struct difference **differences, size_t *n_differences)
{
	struct found_differences found = { NULL, 0 };
	int err = compare_object(&found, &session_shape, "", base, now);

	*differences = found.list;
	*n_differences = found.n;
	return err;
}

void differences_free(struct difference *differences, size_t n_differences)
{
	for (size_t i = 0; i < n_differences; i++) {
		free(differences[i].key);
		free(differences[i].base);
		free(differences[i].now);
	}
	free(differences);
}
