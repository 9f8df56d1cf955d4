/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/fleet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "session/fields.h"

/* ---- Whether a session is there already ---- */

static size_t source_of(const struct session *session, size_t result)
{
	return session->n_sources ? (size_t)session->results[result].source : 0;
}

/* The position of the next result from there on that is of this source; n_results: there is none. */
static size_t next_of(const struct session *session, size_t source, size_t from)
{
	while (from < session->n_results && source_of(session, from) != source)
		from++;
	return from;
}

/* But for the number of their source. */
static bool same_result(const struct result *a, const struct result *b)
{
	struct result other = *b;

	other.source = a->source;
	return fields_same(&result_shape, a, &other);
}

static bool same_results(const struct session *a, size_t source_a, const struct session *b,
			 size_t source_b)
{
	size_t i = next_of(a, source_a, 0), j = next_of(b, source_b, 0);

	while (i < a->n_results && j < b->n_results) {
		if (!same_result(&a->results[i], &b->results[j]))
			return false;
		i = next_of(a, source_a, i + 1);
		j = next_of(b, source_b, j + 1);
	}
	return i == a->n_results && j == b->n_results;
}

/* What tells nearly all sessions apart comes first. Their orders count other results. */
static bool same_frame(const struct source *a, const struct source *b)
{
	bool same = a->started && b->started ? !strcmp(a->started, b->started) :
					       a->started == b->started;

	return same && a->plan.seed == b->plan.seed &&
	       fields_same(&host_shape, &a->host, &b->host) &&
	       fields_same(&tracing_shape, &a->tracing, &b->tracing);
}

/* A session as the source that it is going to be; what it has remains its own. */
static struct source frame_of(const struct session *session)
{
	return (struct source){
		.complete = session->complete,
		.tool = session->tool,
		.started = session->started,
		.host = session->host,
		.plan = session->plan,
		.tracing = session->tracing,
		.work = session->work,
		.hardware = session->hardware,
	};
}

static bool find_twin(const struct session *all, const struct session *one, size_t *twin)
{
	const struct source frame = frame_of(one);
	const struct source *sources = one->n_sources ? one->sources : &frame;
	size_t n = one->n_sources ? one->n_sources : 1;

	for (size_t i = 0; i < n; i++)
		for (*twin = 0; *twin < all->n_sources; ++*twin)
			if (same_frame(&all->sources[*twin], &sources[i]) &&
			    same_results(all, *twin, one, i))
				return true;
	return false;
}

/* ---- Adding one: room for all of it first, so that nothing is half done ---- */

static int make_room(struct session *all, const struct session *one)
{
	size_t sources = all->n_sources + one->n_sources + 1;
	size_t results = all->n_results + one->n_results + 1;
	size_t warnings = all->n_warnings + one->n_warnings + 1;
	struct source *more_sources = reallocarray(all->sources, sources, sizeof(*all->sources));
	struct result *more_results = reallocarray(all->results, results, sizeof(*all->results));
	struct warning *more_warnings =
		reallocarray(all->warnings, warnings, sizeof(*all->warnings));

	if (more_sources)
		all->sources = more_sources;
	if (more_results)
		all->results = more_results;
	if (more_warnings)
		all->warnings = more_warnings;
	return more_sources && more_results && more_warnings ? 0 : -ENOMEM;
}

static void move_order(struct plan_record *plan, size_t first)
{
	for (size_t i = 0; i < plan->n_order; i++)
		plan->order[i].result += (int64_t)first;
}

static void move_sources(struct session *all, struct session *one)
{
	size_t n = one->n_sources ? one->n_sources : 1;

	if (one->n_sources)
		memcpy(all->sources + all->n_sources, one->sources, n * sizeof(*one->sources));
	else
		all->sources[all->n_sources] = frame_of(one);
	for (size_t i = 0; i < n; i++)
		move_order(&all->sources[all->n_sources + i].plan, all->n_results);
}

static void move_results(struct session *all, struct session *one)
{
	for (size_t i = 0; i < one->n_results; i++) {
		struct result *result = &all->results[all->n_results + i];
		size_t source = source_of(one, i);

		*result = one->results[i];
		result->source = (int64_t)(all->n_sources + source);
	}
}

static void move_warnings(struct session *all, struct session *one)
{
	for (size_t i = 0; i < one->n_warnings; i++) {
		struct warning *warning = &all->warnings[all->n_warnings + i];

		*warning = one->warnings[i];
		warning->source = (int64_t)all->n_sources + (one->n_sources ? warning->source : 0);
		/* One that is of no result may name any number (report/warnings.c). */
		if (warning->result != NO_INT && (size_t)warning->result < one->n_results)
			warning->result += (int64_t)all->n_results;
		else
			warning->result = NO_INT;
	}
}

/* All that moved is null here; of a merged session the rest is its own still. */
static void forget(struct session *one)
{
	bool merged = one->n_sources > 0;

	free(one->results);
	free(one->warnings);
	free(one->sources);
	one->results = NULL;
	one->warnings = NULL;
	one->sources = NULL;
	one->n_results = one->n_warnings = one->n_sources = 0;
	if (!merged)
		fields_clear(&session_shape, one);
}

int fleet_add(struct session *all, struct session *one, size_t *twin)
{
	size_t n = one->n_sources ? one->n_sources : 1;

	if (find_twin(all, one, twin))
		return -EEXIST;
	if (make_room(all, one))
		return -ENOMEM;
	move_sources(all, one);
	move_results(all, one);
	move_warnings(all, one);
	all->n_sources += n;
	all->n_results += one->n_results;
	all->n_warnings += one->n_warnings;
	forget(one);
	return 0;
}

/* ---- What they have in common ---- */

static void take_frame(struct session *all, const struct source *frame)
{
	all->complete = frame->complete;
	all->tool = frame->tool;
	all->started = frame->started;
	all->host = frame->host;
	all->plan = frame->plan;
	all->tracing = frame->tracing;
	all->work = frame->work;
	all->hardware = frame->hardware;
}

static const char *earliest(const struct session *all)
{
	const char *first = NULL;

	for (size_t i = 0; i < all->n_sources; i++) {
		const char *started = all->sources[i].started;

		if (started && (!first || strcmp(started, first) < 0))
			first = started;
	}
	return first;
}

int fleet_settle(struct session *all)
{
	const char *first = earliest(all);
	struct source common;
	int err = all->n_sources ? fields_copy(&source_shape, &common, &all->sources[0]) : 0;

	if (err || !all->n_sources)
		return err;
	for (size_t i = 1; i < all->n_sources; i++)
		fields_agree(&source_shape, &common, &all->sources[i]);
	free(common.plan.order);
	common.plan.order = NULL;
	common.plan.n_order = 0;
	free(common.started);
	common.started = first ? strdup(first) : NULL;
	if (first && !common.started)
		err = -ENOMEM;
	take_frame(all, &common);
	return err;
}

static bool tells_nothing(const char *key)
{
	return !strcmp(key, "seed") || !strcmp(key, "order") || !strcmp(key, "start");
}

static bool sources_differ(const struct session *all, const struct field *field)
{
	for (size_t i = 1; i < all->n_sources; i++)
		if (!field_same(field, &all->sources[0].plan, &all->sources[i].plan))
			return true;
	return false;
}

size_t fleet_plan_differences(const struct session *all, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < plan_record_shape.n_fields && used < size; i++) {
		const struct field *field = &plan_record_shape.fields[i];

		if (!tells_nothing(field->key) && sources_differ(all, field))
			used += (size_t)snprintf(text + used, size - used, "%s%s", used ? ", " : "",
						 field->key);
	}
	return used < size ? used : size - 1;
}

/* ---- Whose a result is ---- */

const struct host *fleet_host(const struct session *session, const struct result *result)
{
	return session->n_sources ? &session->sources[result->source].host : &session->host;
}

const char *fleet_started(const struct session *session, const struct result *result)
{
	return session->n_sources ? session->sources[result->source].started : session->started;
}

const struct plan_record *fleet_plan(const struct session *session, const struct result *result)
{
	return session->n_sources ? &session->sources[result->source].plan : &session->plan;
}

const struct tracing *fleet_tracing(const struct session *session, const struct result *result)
{
	return session->n_sources ? &session->sources[result->source].tracing : &session->tracing;
}
