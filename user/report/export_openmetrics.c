/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * OpenMetrics text, version 1.0 (https://github.com/prometheus/OpenMetrics): each family with its
 * type, unit and help, a sample for each result, base units. All are gauges, for a session is over
 * and nothing in it counts on. What is null has no sample. Types are those that Prometheus' older
 * format has as well, so whatever reads one reads this.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "report/export.h"
#include "session/derive.h"
#include "session/fleet.h"
#include "session/session.h"

#define PREFIX "tracebench_"

/* A sample of each result. */
struct metric {
	const char *name; /* ends with the unit, if it has one */
	const char *unit;
	const char *help; /* NULL: of the same family as the metric before */
	const char *label; /* what tells it from others of its family, or NULL */
	const char *value;
	double (*of)(const struct result *result); /* NaN: not measured */
};

static double seconds(double ns)
{
	return ns / 1e9;
}

static double op(const struct result *result)
{
	return seconds(result->time.ns_per_op.median);
}

static double op_low(const struct result *result)
{
	return seconds(result->time.ns_per_op.ci95[0]);
}

static double op_high(const struct result *result)
{
	return seconds(result->time.ns_per_op.ci95[1]);
}

static double op_cpu(const struct result *result)
{
	return seconds(result->time.cpu_ns_per_op.median);
}

static double rate(const struct result *result)
{
	return result->time.ops_per_s.median;
}

static double speedup(const struct result *result)
{
	return result->time.speedup;
}

static double overlap(const struct result *result)
{
	return result->time.overlap_ratio;
}

static double jain(const struct result *result)
{
	return result->fairness.jain;
}

static double lost(const struct result *result)
{
	return derive_real(result->counter.lost) / derive_real(result->counter.expected);
}

#define LATENCY(name, member) \
	static double name(const struct result *result) \
	{ \
		return result->latency ? seconds(derive_real(result->latency->member)) : NAN; \
	}
LATENCY(latency_p50, p50)
LATENCY(latency_p90, p90)
LATENCY(latency_p99, p99)
LATENCY(latency_p99_9, p99_9)
LATENCY(latency_max, max)

/* Of what reconciled: anything else would be believed by whoever reads numbers alone. */
#define SHARE(name, expression) \
	static double name(const struct result *result) \
	{ \
		const struct sleeps *sleeps = derive_believed(result); \
\
		return sleeps ? (expression) : NAN; \
	}
#define WALL derive_real(sleeps->budget.wall)
#define OPS derive_real(sleeps->ops)
SHARE(on_cpu, derive_real(sleeps->budget.on_cpu) / WALL)
SHARE(run_queue, derive_real(sleeps->budget.run_queue) / WALL)
SHARE(blocked, derive_blocked_ns(&sleeps->budget.blocked) / WALL)
SHARE(unaccounted, derive_real(sleeps->budget.unaccounted) / WALL)
SHARE(voluntary, derive_real(sleeps->switches.voluntary) / OPS)
SHARE(involuntary, derive_real(sleeps->switches.involuntary) / OPS)
SHARE(run_queue_p99, seconds(derive_real(sleeps->run_queue_ns.p99)))

static double slowdown_sleeps(const struct result *result)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	return sleeps ? sleeps->slowdown.median : NAN;
}

static double slowdown_calls(const struct result *result)
{
	const struct calls *calls = derive_calls(result);

	return calls ? calls->slowdown.median : NAN;
}

static double reconciled(const struct result *result)
{
	struct watched watched[WATCHED_LEVELS];

	return derive_watched(result, watched) ? derive_is_believed(result) : NAN;
}

static double is_ok(const struct result *result)
{
	return result->status == RESULT_OK;
}

/* clang-format off */
static const struct metric metrics[] = {
	{ "ok", NULL, "Whether it was raced to its end.", NULL, NULL, is_ok },
	{ "op_seconds", "seconds", "Wall time per increment, median of the untraced repeats.",
	  NULL, NULL, op },
	{ "op_bound_seconds", "seconds", "Ends of the 95 % confidence interval of that median.",
	  "end", "low", op_low },
	{ "op_bound_seconds", NULL, NULL, "end", "high", op_high },
	{ "op_cpu_seconds", "seconds", "CPU time of all tasks per increment.", NULL, NULL, op_cpu },
	{ "ops_per_second", NULL, "Increments a second, of all workers.", NULL, NULL, rate },
	{ "speedup_ratio", "ratio", "Time per increment of sequential by that of this one.",
	  NULL, NULL, speedup },
	{ "overlap_ratio", "ratio", "Part of the wall time in which all workers raced.",
	  NULL, NULL, overlap },
	{ "jain_ratio", "ratio", "Jain's fairness index of the workers' shares.", NULL, NULL, jain },
	{ "lost_ratio", "ratio", "Part of the increments that did not arrive.", NULL, NULL, lost },
	{ "latency_seconds", "seconds", "How long a section, message or turn took.",
	  "percentile", "50", latency_p50 },
	{ "latency_seconds", NULL, NULL, "percentile", "90", latency_p90 },
	{ "latency_seconds", NULL, NULL, "percentile", "99", latency_p99 },
	{ "latency_seconds", NULL, NULL, "percentile", "99.9", latency_p99_9 },
	{ "latency_seconds", NULL, NULL, "percentile", "100", latency_max },
	{ "time_ratio", "ratio", "Where the time of all tasks went.", "state", "on_cpu", on_cpu },
	{ "time_ratio", NULL, NULL, "state", "run_queue", run_queue },
	{ "time_ratio", NULL, NULL, "state", "blocked", blocked },
	{ "time_ratio", NULL, NULL, "state", "unaccounted", unaccounted },
	{ "switches_per_op", NULL, "Context switches per increment.", "kind", "voluntary", voluntary },
	{ "switches_per_op", NULL, NULL, "kind", "involuntary", involuntary },
	{ "run_queue_p99_seconds", "seconds", "99th percentile of waits for a CPU.",
	  NULL, NULL, run_queue_p99 },
	{ "slowdown_ratio", "ratio", "Time per increment traced by untraced.",
	  "level", "sleeps", slowdown_sleeps },
	{ "slowdown_ratio", NULL, NULL, "level", "calls", slowdown_calls },
	{ "reconciled", NULL, "Whether the kernel's counts agree with their independent source.",
	  NULL, NULL, reconciled },
};
/* clang-format on */

static int put_label(FILE *out, const char *name, const char *value)
{
	char *clean = utf8_text(value ? value : "");

	if (!clean)
		return -ENOMEM;
	fprintf(out, "%s=\"", name);
	for (const char *c = clean; *c; c++) {
		if (*c == '\\' || *c == '"')
			fputc('\\', out);
		if (*c == '\n')
			fputs("\\n", out);
		else
			fputc(*c, out);
	}
	fputc('"', out);
	free(clean);
	return 0;
}

static void put_number_label(FILE *out, const char *name, int64_t value)
{
	if (value != NO_INT)
		fprintf(out, ",%s=\"%" PRId64 "\"", name, value);
}

/* What tells a result from all others of this host: its place in the plan. */
static int put_labels(FILE *out, const struct session *session, const struct result *result)
{
	const struct {
		const char *name;
		const char *value;
	} texts[] = {
		{ "host", fleet_host(session, result)->hostname },
		{ "strategy", result->strategy },
		{ "family", result->family },
		{ "mode", result->mode },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !err; i++) {
		fputs(i ? "," : "", out);
		err = put_label(out, texts[i].name, texts[i].value);
	}
	put_number_label(out, "workers", result->workers);
	if (result->batch == BATCH_ALL)
		fputs(",batch=\"all\"", out);
	else
		put_number_label(out, "batch", result->batch);
	put_number_label(out, "permits", result->permits);
	put_number_label(out, "read_share", result->read_share);
	put_number_label(out, "message", result->message);
	put_number_label(out, "critical_ns", result->critical_ns);
	put_number_label(out, "think_ns", result->think_ns);
	put_number_label(out, "pace", result->pace);
	put_number_label(out, "duration_ns", result->duration_ns);
	put_number_label(out, "iterations", result->iterations);
	return err;
}

static int put_sample(FILE *out, const struct session *session, const struct metric *metric,
		      const struct result *result)
{
	double value = metric->of(result);
	int err;

	if (!isfinite(value))
		return 0;
	fprintf(out, PREFIX "%s{", metric->name);
	err = put_labels(out, session, result);
	if (metric->label)
		fprintf(out, ",%s=\"%s\"", metric->label, metric->value);
	fprintf(out, "} %.17g\n", value);
	return err;
}

static void put_family(FILE *out, const char *name, const char *unit, const char *help)
{
	fprintf(out, "# TYPE " PREFIX "%s gauge\n", name);
	if (unit)
		fprintf(out, "# UNIT " PREFIX "%s %s\n", name, unit);
	fprintf(out, "# HELP " PREFIX "%s %s\n", name, help);
}

static int put_host(FILE *out, const struct session *session)
{
	const struct host *host = &session->host;
	int err;

	put_family(out, "host", NULL, "The machine: always 1, what it says is in the labels.");
	fputs(PREFIX "host{", out);
	err = put_label(out, "host", host->hostname);
	fputc(',', out);
	if (!err)
		err = put_label(out, "kernel", host->kernel);
	fputc(',', out);
	if (!err)
		err = put_label(out, "arch", host->arch);
	fputc(',', out);
	if (!err)
		err = put_label(out, "cpu_model", host->cpu_model);
	fputs("} 1\n", out);
	return err;
}

static int put_start(FILE *out, const struct session *session)
{
	struct tm utc = { 0 };
	const char *end =
		session->started ? strptime(session->started, "%Y-%m-%dT%H:%M:%SZ", &utc) : NULL;
	int err;

	if (!end || *end)
		return 0;
	put_family(out, "start_time_seconds", "seconds", "When the session began, since 1970.");
	fputs(PREFIX "start_time_seconds{", out);
	err = put_label(out, "host", session->host.hostname);
	fprintf(out, "} %jd\n", (intmax_t)timegm(&utc));
	return err;
}

/* A family's samples stand together, and its head before them. */
int export_openmetrics(const struct export_source *source, FILE *out)
{
	const struct session *session = source->session;
	int err = put_host(out, session);

	if (!err)
		err = put_start(out, session);
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		const struct metric *metric = &metrics[i];

		if (metric->help)
			put_family(out, metric->name, metric->unit, metric->help);
		for (size_t j = 0; j < session->n_results && !err; j++)
			err = put_sample(out, session, metric, &session->results[j]);
	}
	fputs("# EOF\n", out);
	if (!err && (fflush(out) || ferror(out)))
		err = -EIO;
	return err;
}
