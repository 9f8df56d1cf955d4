/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A result a line, each a JSON object of its own: the result's keys as in the session file, and of the
 * session what says where it comes from. Left out is what grows with the number of results, the
 * order of the races, and what the probe cost.
 */
#include <errno.h>
#include <jansson.h>

#include "report/export.h"
#include "session/fields.h"
#include "session/json_part.h"
#include "session/session.h"

#define RESULT_SCHEMA "tracebench.result/1"

static json_t *without(json_t *object, const char *key)
{
	if (object)
		json_object_del(object, key);
	return object;
}

/* What all lines begin with. NULL: no memory. */
static json_t *make_origin(const struct session *session)
{
	json_t *origin = json_object();
	json_t *started = session->started ? json_string(session->started) : json_null();

	if (json_object_set_new(origin, "schema", json_string(RESULT_SCHEMA)) ||
	    json_object_set_new(origin, "complete", json_boolean(session->complete)) ||
	    json_object_set_new(origin, "started", started ? started : json_null()) ||
	    json_object_set_new(origin, "tool", json_part(&tool_shape, &session->tool)) ||
	    json_object_set_new(origin, "host", json_part(&host_shape, &session->host)) ||
	    json_object_set_new(origin, "plan",
				without(json_part(&plan_record_shape, &session->plan), "order")) ||
	    json_object_set_new(origin, "tracing",
				without(json_part(&tracing_shape, &session->tracing), "cost"))) {
		json_decref(origin);
		return NULL;
	}
	return origin;
}

static int put_result(const json_t *origin, const struct result *result, FILE *out)
{
	json_t *line = json_copy((json_t *)(uintptr_t)origin);
	json_t *keys = json_part(&result_shape, result);
	int err = -ENOMEM;

	if (line && keys && !json_object_update(line, keys))
		err = json_part_line(line, out);
	json_decref(keys);
	json_decref(line);
	return err;
}

int export_ndjson(const struct export_source *source, FILE *out)
{
	const struct session *session = source->session;
	json_t *origin = make_origin(session);
	int err = origin ? 0 : -ENOMEM;

	for (size_t i = 0; i < session->n_results && !err; i++)
		err = put_result(origin, &session->results[i], out);
	json_decref(origin);
	return err;
}
