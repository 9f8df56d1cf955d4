/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bencher Metric Format: { BENCHMARK: { MEASURE: { "value", "lower_value", "upper_value" } } }
 * (https://bencher.dev/docs/reference/bencher-metric-format/). A benchmark is what was raced, named
 * alike in every session; "latency" (ns) and "throughput" (operations a second) are the measures that
 * Bencher has of its own. What was not raced to its end or not measured is left out.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/export.h"
#include "session/derive.h"
#include "session/json_part.h"
#include "session/session.h"

static void put_other(FILE *out, const char *name, int64_t value, int64_t ordinary)
{
	if (value != NO_INT && value != ordinary)
		fprintf(out, " %s=%" PRId64, name, value);
}

static bool is_scanned(const struct plan_record *plan, const char *key)
{
	for (size_t i = 0; i < plan->n_scan; i++)
		if (!strcmp(plan->scan[i].key, key))
			return true;
	return false;
}

/* How long a race was makes it no other benchmark, unless the session compares just that. */
static void put_name(FILE *out, const struct session *session, const struct result *result)
{
	const struct plan_record *plan = &session->plan;

	fputs(result->strategy, out);
	fprintf(out, " %s", result->mode);
	put_other(out, "workers", result->workers, NO_INT);
	if (result->batch == BATCH_ALL)
		fputs(" batch=all", out);
	else
		put_other(out, "batch", result->batch, NO_INT);
	put_other(out, "permits", result->permits, 1);
	put_other(out, "read_share", result->read_share, 0);
	put_other(out, "message", result->message, MESSAGE_MIN);
	put_other(out, "critical_ns", result->critical_ns, 0);
	put_other(out, "think_ns", result->think_ns, 0);
	put_other(out, "pace", result->pace, NO_INT);
	if (is_scanned(plan, "duration_ns"))
		put_other(out, "duration_ns", result->duration_ns, NO_INT);
	if (is_scanned(plan, "iterations"))
		put_other(out, "iterations", result->iterations, NO_INT);
}

static char *make_name(const struct session *session, const struct result *result)
{
	char *text = NULL, *clean;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	if (!memory)
		return NULL;
	put_name(memory, session, result);
	clean = fclose(memory) ? NULL : utf8_text(text);
	free(text);
	return clean;
}

/* An end that is not known is left out. */
static int add_number(json_t *metric, const char *key, double value)
{
	return isfinite(value) ? json_object_set_new(metric, key, json_real(value)) : 0;
}

static int add(json_t *measures, const char *name, double value, const double ends[2])
{
	json_t *metric;

	if (!isfinite(value))
		return 0;
	metric = json_object();
	if (add_number(metric, "value", value) ||
	    (ends && (add_number(metric, "lower_value", ends[0]) ||
		      add_number(metric, "upper_value", ends[1])))) {
		json_decref(metric);
		return -ENOMEM;
	}
	return json_object_set_new(measures, name, metric) ? -ENOMEM : 0;
}

static int add_measures(json_t *measures, const struct result *result)
{
	const struct timing *time = &result->time;
	const struct sleeps *sleeps = derive_believed(result);
	double switches = sleeps ? derive_real(sleeps->switches.voluntary) +
					   derive_real(sleeps->switches.involuntary) :
				   NAN;
	double ops = sleeps ? derive_real(sleeps->ops) : NAN;
	int64_t p99 = result->latency ? result->latency->p99 : NO_INT;
	int err = add(measures, "latency", time->ns_per_op.median, time->ns_per_op.ci95);

	if (!err)
		err = add(measures, "throughput", time->ops_per_s.median, time->ops_per_s.ci95);
	if (!err)
		err = add(measures, "cpu-time", time->cpu_ns_per_op.median,
			  time->cpu_ns_per_op.ci95);
	if (!err)
		err = add(measures, "latency-p99", derive_real(p99), NULL);
	if (!err)
		err = add(measures, "switches-per-1000-ops", derive_per_kop(switches, ops), NULL);
	return err;
}

static int add_result(json_t *benchmarks, const struct session *session,
		      const struct result *result)
{
	char *name = make_name(session, result);
	json_t *measures = json_object();
	int err = name && measures ? add_measures(measures, result) : -ENOMEM;

	/* It takes the measures over, or frees them. */
	if (!err)
		err = json_object_set_new(benchmarks, name, measures) ? -ENOMEM : 0;
	else
		json_decref(measures);
	free(name);
	return err;
}

int export_bmf(const struct export_source *source, FILE *out)
{
	const struct session *session = source->session;
	json_t *benchmarks = json_object();
	int err = benchmarks ? 0 : -ENOMEM;

	for (size_t i = 0; i < session->n_results && !err; i++)
		if (session->results[i].status == RESULT_OK)
			err = add_result(benchmarks, session, &session->results[i]);
	if (!err)
		err = json_part_document(benchmarks, out);
	json_decref(benchmarks);
	return err;
}
