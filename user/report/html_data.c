/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the charts are drawn from: the session without what no chart shows. */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "session/fields.h"
#include "session/json_part.h"

/* Nobody sees a digit more, and there may be thousands of numbers. */
#define DIGITS 6

/* The widest that a bin of latencies is made: 1.05 times its beginning is three points on a screen. */
#define STEP 1.05

/* Of a result; a dot goes into an object. What is not named is not in the page. */
static const char *const drawn[] = {
	"strategy",
	"family",
	"mode",
	"workers",
	"duration_ns",
	"iterations",
	"batch",
	"permits",
	"read_share",
	"message",
	"critical_ns",
	"think_ns",
	"pace",
	"status",
	"verdict",
	"counter.lost",
	"counter.promises_exact",
	"time.ns_per_op",
	"latency_ns.p50",
	"latency_ns.p99",
	"latency_ns.p99_9",
	"latency_ns.max",
	"latency_ns.count",
	"latency_ns.histogram",
	"kernel.sleeps.ops",
	"kernel.sleeps.budget_ns",
	"kernel.sleeps.run_queue_ns",
	"kernel.sleeps.off_cpu_ns",
	"kernel.sleeps.wake_edges",
	"kernel.sleeps.reconciled.ok",
	"kernel.sleeps.wakers.reconciled.ok",
	"kernel.calls.on_cpu_ns",
	"kernel.calls.reconciled.ok",
	"kernel.stacks",
	"kernel.stack_pass.reconciled.ok",
};

/* Copies what the path names, if it is there. Returns 0 or -ENOMEM. */
static int take(json_t *to, const json_t *from, const char *path)
{
	const char *dot = strchr(path, '.');
	size_t length = dot ? (size_t)(dot - path) : strlen(path);
	char *key = strndup(path, length);
	json_t *value = key ? json_object_get(from, key) : NULL, *inner;
	int err = key ? 0 : -ENOMEM;

	if (value && (!dot || !json_is_object(value))) {
		err = json_object_set(to, key, value) ? -ENOMEM : 0;
	} else if (value) {
		inner = json_object_get(to, key);
		if (!inner && json_object_set_new(to, key, json_object()))
			err = -ENOMEM;
		if (!err)
			err = take(json_object_get(to, key), value, dot + 1);
	}
	free(key);
	return err;
}

/* Whether one bin can stand for both: the second begins where the first ends. */
static bool joins(const json_t *before, const json_t *bin)
{
	json_int_t lo = json_integer_value(json_array_get(before, 0));
	const json_t *hi = json_array_get(bin, 1);

	return before && json_is_integer(hi) && lo > 0 &&
	       json_equal(json_array_get(before, 1), json_array_get(bin, 0)) &&
	       (double)json_integer_value(hi) / (double)lo < STEP;
}

static int join(json_t *before, const json_t *bin)
{
	json_int_t n = json_integer_value(json_array_get(before, 2)) +
		       json_integer_value(json_array_get(bin, 2));

	return json_array_set(before, 1, json_array_get(bin, 1)) ||
			       json_array_set_new(before, 2, json_integer(n)) ?
		       -ENOMEM :
		       0;
}

/* Bins that follow each other are made one, up to what an eye can tell: there are hundreds. */
static int thin(json_t *bins)
{
	json_t *before = NULL;
	int err = 0;

	for (size_t i = 0; i < json_array_size(bins) && !err;) {
		json_t *bin = json_array_get(bins, i);

		if (joins(before, bin)) {
			err = join(before, bin);
			json_array_remove(bins, i);
		} else {
			before = bin;
			i++;
		}
	}
	return err;
}

/* NULL: no memory. */
static json_t *make_result(const struct result *result)
{
	json_t *all = json_part(&result_shape, result), *part = json_object();
	int err = all && part ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(drawn) / sizeof(drawn[0]) && !err; i++)
		err = take(part, all, drawn[i]);
	if (!err)
		err = thin(json_object_get(json_object_get(part, "latency_ns"), "histogram"));
	json_decref(all);
	if (!err)
		return part;
	json_decref(part);
	return NULL;
}

static json_t *make_plan(const struct plan_record *plan)
{
	static const char *const keys[] = { "workers", "scan" };
	json_t *all = json_part(&plan_record_shape, plan), *part = json_object();
	int err = all && part ? 0 : -ENOMEM;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !err; i++)
		err = take(part, all, keys[i]);
	json_decref(all);
	if (!err)
		return part;
	json_decref(part);
	return NULL;
}

/* NULL: no memory. The results are in the order of the tables. */
static char *make_text(const struct session *session)
{
	size_t *ranking = ranking_make(session);
	json_t *results = json_array(), *page = json_object();
	char *text = NULL;
	int err = ranking && results && page ? 0 : -ENOMEM;

	for (size_t i = 0; i < session->n_results && !err; i++)
		err = json_array_append_new(results, make_result(&session->results[ranking[i]]));
	if (!err && !json_object_set(page, "results", results) &&
	    !json_object_set_new(page, "plan", make_plan(&session->plan)))
		text = json_dumps(page,
				  JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(DIGITS));
	json_decref(page);
	json_decref(results);
	free(ranking);
	return text;
}

int html_data(const struct session *session, FILE *out)
{
	char *text = make_text(session);

	if (!text)
		return -ENOMEM;
	/*
	 * Only a string can have them, and there \u stands for the same. All that HTML looks for in a
	 * script begins with "<"; U+2028 and U+2029, which end a line, are not ASCII.
	 */
	for (const char *at = text; *at; at++) {
		if (strchr("<>&", *at))
			fprintf(out, "\\u%04x", (unsigned char)*at);
		else
			fputc(*at, out);
	}
	free(text);
	return 0;
}
