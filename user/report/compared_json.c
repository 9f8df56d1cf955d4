/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A comparison for machines. In all of these, NULL says that memory ran out; jansson passes it on. */
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>

#include "report/compared.h"
#include "report/text.h"
#include "session/comparison.h"

static json_t *real_json(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *integer_json(int64_t value)
{
	return value == NO_INT ? json_null() : json_integer(value);
}

/* jansson takes no text that is not UTF-8; a strange name is no reason to show nothing. */
static json_t *text_json(const char *text)
{
	static const struct report_style ascii = { .utf8 = false };
	json_t *json = text ? json_string(text) : json_null();
	char *clean;

	if (json)
		return json;
	clean = text_clean(text, &ascii);
	json = clean ? json_string(clean) : NULL;
	free(clean);
	return json;
}

static json_t *pair_json(const double pair[2])
{
	if (!isfinite(pair[0]) || !isfinite(pair[1]))
		return json_null();
	return json_pack("[f, f]", pair[0], pair[1]);
}

static json_t *batch_json(int64_t batch)
{
	return batch == BATCH_ALL ? json_string("all") : integer_json(batch);
}

/* What tells a result from others, as in the session file. */
static json_t *key_json(const struct result *result)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "strategy",
			 text_json(result->strategy), "mode", text_json(result->mode), "workers",
			 integer_json(result->workers), "batch", batch_json(result->batch),
			 "permits", integer_json(result->permits), "message",
			 integer_json(result->message), "read_share",
			 integer_json(result->read_share), "critical_ns",
			 integer_json(result->critical_ns), "think_ns",
			 integer_json(result->think_ns), "pace", integer_json(result->pace),
			 "duration_ns", integer_json(result->duration_ns), "iterations",
			 integer_json(result->iterations));
}

static json_t *moved_json(const struct cause *cause)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < cause->n_moved; i++) {
		const struct moved *moved = &cause->moved[i];

		if (json_array_append_new(list, json_pack("{s:o, s:s, s:o, s:o, s:o}", "what",
							  text_json(moved->name), "unit",
							  moved->is_time ? "ns_per_op" : "per_kop",
							  "base", real_json(moved->base), "new",
							  real_json(moved->now), "share",
							  real_json(moved->share)))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *figures_json(const struct compared *row)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < row->n_figures; i++) {
		const struct figure *figure = &row->figures[i];

		if (json_array_append_new(list, json_pack("{s:s, s:o, s:s}", "name", figure->name,
							  "value", real_json(figure->value), "unit",
							  figure->unit))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *cause_json(const struct compared *row)
{
	static const char *const states[] = {
		[CAUSE_UNTRACED] = "untraced",
		[CAUSE_VOID] = "not reconciled",
		[CAUSE_NONE] = "none",
		[CAUSE_MOVED] = "moved",
	};

	if (row->cause.state == CAUSE_NOT_ASKED)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:o}", "state", states[row->cause.state], "text",
			 text_json(row->why), "figures", figures_json(row), "moved",
			 moved_json(&row->cause));
}

static json_t *side_json(const struct result *result, double median)
{
	return json_pack("{s:o, s:I}", "ns_per_op", real_json(median), "repeats",
			 (json_int_t)result->time.ns_per_op.n_samples);
}

static json_t *row_json(const struct compared *row)
{
	const struct effect *effect = &row->effect;

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:o, s:o}",
			 "base_result", key_json(row->base), "new_result", key_json(row->now),
			 "base", side_json(row->base, effect->base), "new",
			 side_json(row->now, effect->now), "ratio", real_json(effect->ratio),
			 "ci95", pair_json(row->ci95), "ci_all_rows", pair_json(row->sure),
			 "p_ranks", real_json(effect->p_ranks), "p", real_json(effect->p),
			 "p_adjusted", real_json(row->p), "verdict",
			 compared_verdict_name(row->verdict), "regressed", (int)row->regressed,
			 "settle_repeats", integer_json(row->settle), "cause", cause_json(row));
}

static json_t *rows_json(const struct comparison *comparison)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < comparison->n_rows; i++) {
		if (json_array_append_new(list, row_json(&comparison->rows[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *unmatched_json(const struct result *const *results, size_t n_results)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < n_results; i++) {
		if (json_array_append_new(list, key_json(results[i]))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *differences_json(const struct comparison *comparison)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < comparison->n_differences; i++) {
		const struct difference *difference = &comparison->differences[i];

		if (json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "key", difference->key,
							  "base", text_json(difference->base),
							  "new", text_json(difference->now)))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static json_t *session_json(const struct session *session)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:b}", "hostname", text_json(session->host.hostname),
			 "kernel", text_json(session->host.kernel), "started",
			 text_json(session->started), "version", text_json(session->tool.version),
			 "complete", (int)session->complete);
}

static json_t *comparison_json(const struct comparison *comparison)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:f, s:I, s:b, s:o, s:o, s:o, s:o}", "schema",
			 "tracebench.comparison/1", "base", session_json(comparison->base), "new",
			 session_json(comparison->now), "same_within",
			 real_json(comparison->rules.same_within), "fail_above",
			 real_json(comparison->rules.fail_above), "alpha", EFFECT_ALPHA,
			 "rows_tested", (json_int_t)comparison->n_tested, "regressed",
			 (int)comparison_regressed(comparison), "rows", rows_json(comparison),
			 "only_base",
			 unmatched_json(comparison->only_base, comparison->n_only_base), "only_new",
			 unmatched_json(comparison->only_now, comparison->n_only_now),
			 "differences", differences_json(comparison));
}

int report_compared_json(const struct comparison *comparison, FILE *out)
{
	json_t *json = comparison_json(comparison);
	int err;

	if (!json)
		return -ENOMEM;
	err = json_dumpf(json, out, JSON_INDENT(2)) || fputc('\n', out) == EOF || fflush(out) ?
		      -EIO :
		      0;
	json_decref(json);
	return err;
}
