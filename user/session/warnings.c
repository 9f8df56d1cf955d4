/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/warnings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/sentence.h"
#include "session/warn.h"

static const struct {
	const char *name;
	warn_of_result *of_result;
	warn_of_session *of_session;
} kinds[] = {
	{ "groups", .of_result = warn_groups },
	{ "drift", .of_result = warn_drift },
	{ "few", .of_session = warn_few },
	{ "few", .of_result = warn_undecided },
	{ "placement", .of_result = warn_placement },
	{ "overlap", .of_result = warn_overlap },
	{ "neighbour", .of_result = warn_neighbour },
	{ "pace", .of_result = warn_pace },
	{ "missed", .of_result = warn_missed },
	{ "steal", .of_session = warn_steal },
	{ "throttled", .of_session = warn_throttled },
	{ "clock", .of_session = warn_clock },
	{ "governor", .of_session = warn_governor },
	{ "turbo", .of_session = warn_turbo },
};

static void drop_all(struct session *session)
{
	for (size_t i = 0; i < session->n_warnings; i++) {
		free(session->warnings[i].kind);
		free(session->warnings[i].text);
		figures_free(session->warnings[i].figures, session->warnings[i].n_figures);
	}
	free(session->warnings);
	session->warnings = NULL;
	session->n_warnings = 0;
}

/* Takes over the sentence, which is closed. */
static int append(struct session *session, const char *kind, int64_t result,
		  const struct sentence *s)
{
	struct warning *grown =
		realloc(session->warnings, (session->n_warnings + 1) * sizeof(*grown));
	struct warning warning = {
		.kind = strdup(kind),
		.result = result,
		.text = s->text,
		.figures = s->figures,
		.n_figures = s->n_figures,
		.source = NO_INT,
	};

	if (grown)
		session->warnings = grown;
	if (!grown || !warning.kind) {
		free(warning.kind);
		free(s->text);
		figures_free(s->figures, s->n_figures);
		return -ENOMEM;
	}
	grown[session->n_warnings++] = warning;
	return 0;
}

/* `result` is NO_INT for the session. */
static int look(struct session *session, size_t kind, int64_t result)
{
	struct sentence s;
	bool said;
	int err = sentence_open(&s);

	if (err)
		return err;
	said = result == NO_INT ? kinds[kind].of_session(&s, session) :
				  kinds[kind].of_result(&s, session, &session->results[result]);
	err = sentence_close(&s);
	if (err || said)
		return err ? err : append(session, kinds[kind].name, result, &s);
	free(s.text);
	figures_free(s.figures, s.n_figures);
	return 0;
}

static int look_at_results(struct session *session, size_t kind)
{
	int err = 0;

	for (size_t i = 0; i < session->n_results && !err; i++)
		if (session->results[i].status == RESULT_OK)
			err = look(session, kind, (int64_t)i);
	return err;
}

int warnings_write(struct session *session)
{
	int err = 0;

	drop_all(session);
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]) && !err; kind++)
		err = kinds[kind].of_session ? look(session, kind, NO_INT) :
					       look_at_results(session, kind);
	if (err)
		drop_all(session);
	return err;
}
