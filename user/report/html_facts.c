/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The machine, the plan and the way of tracing, member by member: a new one needs no line here. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "session/fields.h"
#include "session/json_part.h"

static int put_text(const char *text, FILE *out)
{
	const struct report_style style = { .utf8 = true };
	char *clean = text_clean(text, &style);

	if (!clean)
		return -ENOMEM;
	html_put(out, clean);
	free(clean);
	return 0;
}

static int put_value(const json_t *value, FILE *out)
{
	char *text;
	int err;

	if (json_is_string(value))
		return put_text(json_string_value(value), out);
	if (json_is_null(value)) {
		fputc('-', out);
		return 0;
	}
	text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(6));
	err = text ? put_text(text, out) : -ENOMEM;
	free(text);
	return err;
}

/* "strategies: a, b", and not what would fill a page. */
static int put_list(const json_t *list, FILE *out)
{
	int err = 0;

	for (size_t i = 0; i < json_array_size(list) && !err; i++) {
		fputs(i ? ", " : "", out);
		err = put_value(json_array_get(list, i), out);
	}
	return err;
}

static bool is_left_out(const char *key, const json_t *value)
{
	return !strcmp(key, "order") || !strcmp(key, "cost") ||
	       (json_is_array(value) && !json_array_size(value));
}

static int put_members(json_t *object, FILE *out)
{
	const char *key;
	json_t *value;
	int err = 0;

	json_object_foreach(object, key, value) {
		if (err || is_left_out(key, value))
			continue;
		if (json_is_object(value)) {
			err = put_members(value, out);
			continue;
		}
		fprintf(out, "<dt>%s<dd>", key);
		err = json_is_array(value) ? put_list(value, out) : put_value(value, out);
	}
	return err;
}

static int put_group(const char *title, const struct shape *shape, const void *object, FILE *out)
{
	json_t *json = json_part(shape, object);
	int err = json ? 0 : -ENOMEM;

	fprintf(out, "<div><h3>%s</h3><dl>", title);
	if (!err)
		err = put_members(json, out);
	fputs("</dl></div>\n", out);
	json_decref(json);
	return err;
}

int html_facts(const struct session *session, FILE *out)
{
	int err;

	fputs("<div class=facts>\n", out);
	err = put_group("Machine", &host_shape, &session->host, out);
	if (!err)
		err = put_group("Plan", &plan_record_shape, &session->plan, out);
	if (!err)
		err = put_group("Tracing", &tracing_shape, &session->tracing, out);
	if (!err)
		err = put_group("Made by", &tool_shape, &session->tool, out);
	fputs("</div>\n", out);
	return err;
}
