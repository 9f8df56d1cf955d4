/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was raced, and where: the lines above the rows. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/view.h"
#include "session/number.h"

#define SEPARATOR " · "

/* CPUs beyond this are not listed one by one. */
#define MOST_LISTED 8

static void put_duration(FILE *out, double ns)
{
	const char *unit;
	char text[NUMBER_TEXT];

	number_time(text, ns, &unit);
	fprintf(out, "%s %s", text, unit);
}

static void put_count(FILE *out, int64_t count, const char *one, const char *many)
{
	char text[NUMBER_TEXT];

	number_count(text, count);
	fprintf(out, "%s %s", text, count == 1 ? one : many);
}

static void put_tracing(FILE *out, const struct tracing *tracing)
{
	if (tracing->status != TRACING_ON) {
		fputs(SEPARATOR "not traced", out);
		return;
	}
	fputs(SEPARATOR "traced by BPF", out);
	if (tracing->how.sched)
		fprintf(out, " (switches: %s", tracing->how.sched);
	if (tracing->how.futex)
		fprintf(out, "%sfutex: %s", tracing->how.sched ? ", " : " (", tracing->how.futex);
	if (tracing->how.sched || tracing->how.futex)
		fputc(')', out);
}

void view_put_machine(FILE *out, const struct host *host, const struct tracing *tracing, bool clock)
{
	fprintf(out, "Linux %s", host->kernel ? host->kernel : "-");
	if (host->topology)
		fprintf(out, SEPARATOR "%s", host->topology);
	else if (host->cpus_online != NO_INT) {
		fputs(SEPARATOR, out);
		put_count(out, host->cpus_online, "CPU", "CPUs");
	}
	if (isfinite(host->cpu_quota))
		fprintf(out, ", quota %.3g", host->cpu_quota);
	if (host->virtualized)
		fputs(", VM", out);
	if (clock && isfinite(host->timer_cost_ns)) {
		fputs(SEPARATOR "clock ", out);
		put_duration(out, host->timer_cost_ns);
	}
	put_tracing(out, tracing);
}

static void put_machine(FILE *out, const struct view *view)
{
	view_put_machine(out, &view->session->host, &view->session->tracing, true);
}

static const char *workers_noun(const struct session *session, bool one)
{
	const struct plan_record *plan = &session->plan;
	const char *mode = plan->n_modes == 1 ? plan->modes[0] : NULL;

	if (mode && !strcmp(mode, "threads"))
		return one ? "thread" : "threads";
	if (mode && !strcmp(mode, "processes"))
		return one ? "process" : "processes";
	return one ? "worker" : "workers";
}

static void put_workers(FILE *out, const struct session *session)
{
	const struct plan_record *plan = &session->plan;
	size_t i;

	if (session->n_sources && !plan->n_workers)
		fputs("differing numbers of", out);
	for (i = 0; i < plan->n_workers; i++)
		fprintf(out, "%s%" PRId64, i ? "," : "", plan->workers[i]);
	fprintf(out, " %s", workers_noun(session, plan->n_workers == 1 && plan->workers[0] == 1));
	for (i = 0; plan->n_modes > 1 && i < plan->n_modes; i++)
		fprintf(out, "%s%s", i ? " and " : " as ", plan->modes[i]);
}

/* The result whose placement is everybody's: that with most tasks, all others being its start. */
static const struct result *common_placement(const struct session *session)
{
	const struct result *most = NULL;
	size_t i, j;

	for (i = 0; i < session->n_results; i++)
		if (session->results[i].n_placement > (most ? most->n_placement : 0))
			most = &session->results[i];
	for (i = 0; most && i < session->n_results; i++)
		for (j = 0; j < session->results[i].n_placement; j++)
			if (session->results[i].placement[j] != most->placement[j])
				return NULL;
	return most;
}

static void put_pinning(FILE *out, const struct session *session)
{
	const char *pin = session->plan.pin;
	const struct result *placed = common_placement(session);
	size_t workers, i;

	if (!pin)
		return;
	if (!strcmp(pin, "none")) {
		fputs(", not pinned", out);
		return;
	}
	fputs(" pinned", out);
	if (!placed || placed->workers < 1 || placed->workers > MOST_LISTED) {
		fprintf(out, " (%s)", pin);
		return;
	}
	workers = (size_t)placed->workers;
	for (i = 0; i < workers && i < placed->n_placement; i++)
		fprintf(out, "%s%" PRId64, i ? "," : " to ", placed->placement[i]);
}

static void put_work(FILE *out, const struct plan_record *plan)
{
	if (plan->iterations != NO_INT) {
		fputs(SEPARATOR, out);
		put_count(out, plan->iterations, "increment each", "increments each");
	} else if (plan->duration_ns != NO_INT) {
		fputs(SEPARATOR, out);
		put_duration(out, (double)plan->duration_ns);
	}
	if (plan->repeats != NO_INT)
		fprintf(out, "%s%" PRId64 " repeats, interleaved",
			plan->iterations == NO_INT && plan->duration_ns == NO_INT ? SEPARATOR :
										    " x ",
			plan->repeats);
}

static bool is_time(const char *key)
{
	size_t length = strlen(key);

	return length > 3 && !strcmp(key + length - 3, "_ns");
}

/* The option whose result is called so: read-share of read_share, duration of duration_ns. */
static void put_option(FILE *out, const char *key)
{
	size_t length = strlen(key) - (is_time(key) ? 3 : 0);

	for (size_t i = 0; i < length; i++)
		fputc(key[i] == '_' ? '-' : key[i], out);
}

static void put_value(FILE *out, const char *key, int64_t value)
{
	const char *unit;
	char text[NUMBER_TEXT];

	if (value == VALUE_ALL) {
		fputs("all", out);
	} else if (is_time(key)) {
		number_time(text, (double)value, &unit);
		fprintf(out, "%s%s", text, unit);
	} else {
		fprintf(out, "%" PRId64, value);
	}
}

/* As it was asked for. */
static void put_scan(FILE *out, const struct plan_record *plan)
{
	size_t i, j;

	for (i = 0; i < plan->n_scan; i++) {
		const struct scanned *scanned = &plan->scan[i];

		fputs(i ? " x " : SEPARATOR "scan ", out);
		put_option(out, scanned->key);
		for (j = 0; j < scanned->n_values; j++) {
			fputc(j ? ',' : '=', out);
			put_value(out, scanned->key, scanned->values[j]);
		}
	}
}

static void put_batch(FILE *out, const struct view *view)
{
	int64_t batch = view->session->plan.batch;

	if (view->batches || batch == NO_INT)
		return;
	fputs(SEPARATOR, out);
	if (batch == BATCH_ALL)
		fputs("all increments in one turn", out);
	else
		put_count(out, batch, "increment a turn", "increments a turn");
}

static void put_work_of(FILE *out, int64_t ns, const char *where)
{
	const char *unit;
	char text[NUMBER_TEXT];

	if (ns == NO_INT || ns == 0)
		return;
	number_time(text, (double)ns, &unit);
	fprintf(out, SEPARATOR "%s %s of work %s", text, unit, where);
}

/* What makes a race another one than the bare: without it nobody could read the table. */
static void put_load(FILE *out, const struct plan_record *plan)
{
	put_work_of(out, plan->critical_ns, "in each section");
	put_work_of(out, plan->think_ns, "before it");
	if (plan->pace != NO_INT)
		fprintf(out, SEPARATOR "%" PRId64 " sections a second", plan->pace);
}

static void put_plan(FILE *out, const struct view *view)
{
	const struct plan_record *plan = &view->session->plan;

	if (plan->preset)
		fprintf(out, "preset %s: ", plan->preset);
	put_workers(out, view->session);
	put_pinning(out, view->session);
	put_work(out, plan);
	put_batch(out, view);
	if (plan->permits != NO_INT && plan->permits > 1)
		fprintf(out, SEPARATOR "%" PRId64 " permits", plan->permits);
	if (plan->read_share != NO_INT && plan->read_share > 0)
		fprintf(out, SEPARATOR "%" PRId64 " %% of rwlock's turns only read",
			plan->read_share);
	if (plan->message != NO_INT && plan->message > MESSAGE_MIN && !view->messages)
		fprintf(out, SEPARATOR "messages of %" PRId64 " bytes", plan->message);
	put_load(out, plan);
	put_scan(out, plan);
	if (plan->seed != NO_INT)
		fprintf(out, SEPARATOR "seed %" PRId64, plan->seed);
}

static int write_line(const struct view *view, FILE *out,
		      void (*put)(FILE *line, const struct view *view))
{
	struct draft line;
	char *text;
	int err;

	if (draft_open(&line))
		return -ENOMEM;
	put(line.out, view);
	text = draft_close(&line);
	err = text ? text_wrap(out, view->style, "", PLAIN, 0, text) : -ENOMEM;
	free(text);
	return err;
}

int header_write(const struct view *view, FILE *out)
{
	int err = 0;

	if (!view->session->complete)
		err = text_wrap(out, view->style, "interrupted:", ALARM, 13,
				"only what was complete by then is shown");
	if (!err && view->session->n_sources)
		err = sources_write(view, out);
	else if (!err)
		err = write_line(view, out, put_machine);
	if (!err)
		err = write_line(view, out, put_plan);
	fputc('\n', out);
	return err;
}
