/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Comma-separated values as RFC 4180 has them: a header, then a row for each result, lines end in
 * CRLF. The columns are all members of a result that are one value, by their names in the session
 * file with dots between; before them, where the result is from. What is null is empty.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/export.h"
#include "session/fields.h"
#include "session/fleet.h"
#include "session/session.h"

#define NAME_BYTES 128

/* A line on its way: the names of the columns, or the values of a result. */
struct line {
	FILE *out;
	bool header;
	bool any;
};

static void next(struct line *line)
{
	if (line->any)
		fputc(',', line->out);
	line->any = true;
}

static int put_text(struct line *line, const char *text)
{
	char *clean = utf8_text(text ? text : "");

	if (!clean)
		return -ENOMEM;
	next(line);
	if (!strpbrk(clean, ",\"\n")) {
		fputs(clean, line->out);
	} else {
		fputc('"', line->out);
		for (const char *c = clean; *c; c++)
			fputs(*c == '"' ? "\"\"" : (char[]){ *c, '\0' }, line->out);
		fputc('"', line->out);
	}
	free(clean);
	return 0;
}

static void put_integer(struct line *line, int64_t value, int64_t all)
{
	next(line);
	if (value != NO_INT && value == all)
		fputs("all", line->out);
	else if (value != NO_INT)
		fprintf(line->out, "%" PRId64, value);
}

/* As many digits as it takes to be read as the same number. */
static void put_real(struct line *line, double value)
{
	char text[32];

	next(line);
	if (!isfinite(value))
		return;
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	fputs(text, line->out);
}

static int put_object(struct line *line, const struct shape *shape, const char *object,
		      const char *name);

/* The ends of an interval are columns of their own. */
static int put_pair(struct line *line, const double *pair, const char *name)
{
	char end[NAME_BYTES + 8];

	if (!line->header) {
		put_real(line, pair ? pair[0] : NAN);
		put_real(line, pair ? pair[1] : NAN);
		return 0;
	}
	snprintf(end, sizeof(end), "%s.low", name);
	if (put_text(line, end))
		return -ENOMEM;
	snprintf(end, sizeof(end), "%s.high", name);
	return put_text(line, end);
}

/* `at` is NULL where the object that it would be in is null. */
static int put_value(struct line *line, const struct field *field, const void *at)
{
	if (!at)
		return put_text(line, "");
	switch (field->kind) {
	case FIELD_INT:
	case FIELD_COUNT:
		put_integer(line, *(const int64_t *)at, NO_INT);
		return 0;
	case FIELD_BATCH:
		put_integer(line, *(const int64_t *)at, BATCH_ALL);
		return 0;
	case FIELD_REAL:
		put_real(line, *(const double *)at);
		return 0;
	case FIELD_BOOL:
		return put_text(line, *(const bool *)at ? "true" : "false");
	case FIELD_CHOICE:
		return put_text(line, field->choices[*(const int *)at]);
	default:
		return put_text(line, *(const char *const *)at);
	}
}

static int put_member(struct line *line, const struct field *field, const char *object,
		      const char *name)
{
	const char *at = object ? object + field->offset : NULL;

	switch (field->kind) {
	case FIELD_LIST:
	case FIELD_BIN:
	case FIELD_VALUE:
		return 0;
	case FIELD_OBJECT:
		return put_object(line, field->shape, at, name);
	case FIELD_OPTIONAL:
		return put_object(line, field->shape,
				  at ? *(const char *const *)(const void *)at : NULL, name);
	case FIELD_PAIR:
		return put_pair(line, (const double *)(const void *)at, name);
	default:
		return line->header ? put_text(line, name) : put_value(line, field, at);
	}
}

static int put_object(struct line *line, const struct shape *shape, const char *object,
		      const char *name)
{
	int err = 0;

	for (size_t i = 0; i < shape->n_fields && !err; i++) {
		const struct field *field = &shape->fields[i];
		char member[NAME_BYTES];

		if (!field->key || field->spared)
			continue;
		snprintf(member, sizeof(member), "%s%s%s", name, *name ? "." : "", field->key);
		err = put_member(line, field, object, member);
	}
	return err;
}

static int put_line(const struct session *session, const struct result *result, FILE *out)
{
	struct line line = { .out = out, .header = !result };
	const struct host *host = result ? fleet_host(session, result) : &session->host;
	const struct {
		const char *name;
		const char *value;
	} origin[] = {
		{ "started", result ? fleet_started(session, result) : NULL },
		{ "host.hostname", host->hostname },
		{ "host.kernel", host->kernel },
		{ "host.cpu_model", host->cpu_model },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(origin) / sizeof(origin[0]) && !err; i++)
		err = put_text(&line, result ? origin[i].value : origin[i].name);
	if (!err)
		err = put_object(&line, &result_shape, (const char *)result, "");
	fputs("\r\n", out);
	return err;
}

int export_csv(const struct export_source *source, FILE *out)
{
	const struct session *session = source->session;
	int err = put_line(session, NULL, out);

	for (size_t i = 0; i < session->n_results && !err; i++)
		err = put_line(session, &session->results[i], out);
	if (!err && (fflush(out) || ferror(out)))
		err = -EIO;
	return err;
}
