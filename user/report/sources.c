/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a merged session was made of: the machines, those that are alike on one line. */
#include <errno.h>
#include <stdlib.h>

#include "report/view.h"
#include "session/fleet.h"

/* Hosts of a line that are named. */
#define MOST_NAMED 4

/* What each source's machine is, in words. */
struct machines {
	const struct view *view;
	char **texts; /* by source */
};

static const char *hostname_of(const struct view *view, size_t source)
{
	return view->session->sources[source].host.hostname;
}

static void free_machines(struct machines *machines)
{
	for (size_t i = 0; machines->texts && i < machines->view->session->n_sources; i++)
		free(machines->texts[i]);
	free(machines->texts);
}

/* Without the clock, which every one of many equal machines has measured a little differently. */
static char *describe(const struct source *source)
{
	struct draft draft;

	if (draft_open(&draft))
		return NULL;
	view_put_machine(draft.out, &source->host, &source->tracing, false);
	return draft_close(&draft);
}

static int make_machines(const struct view *view, struct machines *machines)
{
	const struct session *session = view->session;

	*machines = (struct machines){ view, calloc(session->n_sources + 1, sizeof(char *)) };
	if (!machines->texts)
		return -ENOMEM;
	for (size_t i = 0; i < session->n_sources; i++) {
		machines->texts[i] = describe(&session->sources[i]);
		if (!machines->texts[i])
			return -ENOMEM;
	}
	return 0;
}

/* The first source of this one's host whose machine was the same then. */
static size_t first_alike(const struct machines *machines, size_t source, bool of_host)
{
	size_t i = 0;

	while (!view_same(machines->texts[i], machines->texts[source]) ||
	       (of_host &&
		!view_same(hostname_of(machines->view, i), hostname_of(machines->view, source))))
		i++;
	return i;
}

static void put_hosts(const struct machines *machines, size_t first, FILE *out)
{
	const struct view *view = machines->view;
	size_t named = 0, more = 0;

	for (size_t i = first; i < view->session->n_sources; i++) {
		const char *hostname = hostname_of(view, i);

		if (first_alike(machines, i, false) != first || first_alike(machines, i, true) != i)
			continue;
		if (named == MOST_NAMED)
			more++;
		else
			fprintf(out, "%s%s", named++ ? ", " : "", hostname ? hostname : "-");
	}
	if (more)
		fprintf(out, " and %zu more", more);
	fprintf(out, ": %s", machines->texts[first]);
}

static int write_machine(const struct machines *machines, size_t first, FILE *out)
{
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	put_hosts(machines, first, draft.out);
	return view_print_indented(machines->view, out, &draft, 0);
}

static size_t count_hosts(const struct view *view)
{
	size_t n = 0;

	for (size_t i = 0, j; i < view->session->n_sources; i++) {
		for (j = 0; !view_same(hostname_of(view, i), hostname_of(view, j)); j++)
			;
		n += i == j;
	}
	return n;
}

static size_t count_incomplete(const struct session *session)
{
	size_t n = 0;

	for (size_t i = 0; i < session->n_sources; i++)
		n += !session->sources[i].complete;
	return n;
}

static int write_count(const struct view *view, FILE *out)
{
	const struct session *session = view->session;
	size_t hosts = count_hosts(view), incomplete = count_incomplete(session);
	char keys[512];
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	fprintf(draft.out, "%zu session%s of %zu host%s, the first of %s", session->n_sources,
		session->n_sources == 1 ? "" : "s", hosts, hosts == 1 ? "" : "s",
		session->started ? session->started : "-");
	if (incomplete)
		fprintf(draft.out, " · %zu interrupted", incomplete);
	if (fleet_plan_differences(session, keys, sizeof(keys)))
		fprintf(draft.out, " · plans differ in %s", keys);
	return view_print_indented(view, out, &draft, 0);
}

int sources_write(const struct view *view, FILE *out)
{
	struct machines machines;
	int err = make_machines(view, &machines);

	if (!err)
		err = write_count(view, out);
	for (size_t i = 0; i < view->session->n_sources && !err; i++)
		if (first_alike(&machines, i, false) == i)
			err = write_machine(&machines, i, out);
	free_machines(&machines);
	return err;
}
