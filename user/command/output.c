/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/parse.h"
#include "session/derive.h"
#include "session/json.h"

#define WIDTH_WITHOUT_TERMINAL 100

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value;
}

static bool wants_color(bool no_color)
{
	const char *forced = getenv("FORCE_COLOR");
	const char *term = getenv("TERM");

	if (no_color || is_set("NO_COLOR"))
		return false;
	if (forced && *forced)
		return strcmp(forced, "0") != 0;
	return isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static unsigned int width(void)
{
	const char *wished = getenv("COLUMNS");
	struct winsize size;
	uint64_t columns;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (wished && parse_count(wished, 1, 10000, &columns) == 0)
		return (unsigned int)columns;
	return WIDTH_WITHOUT_TERMINAL;
}

static struct report_style style_of_stdout(bool no_color)
{
	return (struct report_style){
		.width = width(),
		.color = wants_color(no_color),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	};
}

int output_check(void)
{
	/* Writes nothing, and tells a closed descriptor and a full device all the same. */
	if (write(STDOUT_FILENO, "", 0) == 0)
		return 0;
	log_error("standard output: %s", strerror(errno));
	return -errno;
}

/* By way of memory: stdio forgets why a write in the middle of a table failed. */
static int draw_in_memory(output_drawer *draw, const void *what, const struct report_style *style)
{
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);
	int err = memory ? draw(what, style, memory) : -errno;

	if (memory && fclose(memory) && !err)
		err = -errno;
	errno = 0;
	if (!err && (fwrite(text, 1, length, stdout) != length || fflush(stdout)))
		err = errno ? -errno : -EIO;
	free(text);
	return err;
}

int output_draw(output_drawer *draw, const void *what, bool no_color)
{
	struct report_style style = style_of_stdout(no_color);
	int err = draw_in_memory(draw, what, &style);

	if (err)
		log_error("standard output: %s", strerror(-err));
	return err;
}

static int draw_table(const void *session, const struct report_style *style, FILE *out)
{
	return report_table(session, style, out);
}

static int draw_json(const void *session, const struct report_style *style, FILE *out)
{
	(void)style;
	return session_write_json(session, out);
}

int output_session(const struct session *session, enum format format, bool no_color)
{
	return output_draw(format == FORMAT_JSON ? draw_json : draw_table, session, no_color);
}

static bool lost_updates(const struct result *result)
{
	return result->counter.promises_exact && result->counter.lost != NO_INT &&
	       result->counter.lost != 0;
}

static bool unreconciled(const struct result *result)
{
	struct watched watched[WATCHED_LEVELS];

	return derive_watched(result, watched) && !derive_is_believed(result);
}

static bool failed(const struct result *result)
{
	return result->status == RESULT_FAILED || result->status == RESULT_TIMED_OUT;
}

int output_exit_code(const struct session *session)
{
	const struct {
		bool (*found)(const struct result *result);
		int code;
	} findings[] = {
		{ lost_updates, EXIT_LOST_UPDATES },
		{ failed, EXIT_FAILED },
		{ unreconciled, EXIT_NOT_RECONCILED },
	};

	if (!session->complete)
		return EXIT_INTERRUPTED;
	for (size_t i = 0; i < sizeof(findings) / sizeof(findings[0]); i++)
		for (size_t j = 0; j < session->n_results; j++)
			if (findings[i].found(&session->results[j]))
				return findings[i].code;
	return EXIT_DONE;
}
