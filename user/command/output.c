/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/output.h"

#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/exit.h"
#include "base/log.h"
#include "base/parse.h"
#include "report/export.h"
#include "session/derive.h"

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

/*
 * Until standard output takes at least a byte. Who reads it may be slow or asleep, and a terminal may
 * be stopped (Ctrl-S).
 */
static int await_room(int interrupt_fd)
{
	struct pollfd polled[] = { { .fd = STDOUT_FILENO, .events = POLLOUT },
				   { .fd = interrupt_fd, .events = POLLIN } };

	while (!polled[0].revents) {
		if (poll(polled, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (!polled[0].revents && polled[1].revents)
			return -EINTR;
	}
	return 0;
}

/* Not more at once than fits into a pipe that has room: such a write does not wait. */
static int write_out(const char *text, size_t length, int interrupt_fd)
{
	int err = 0;

	while (length && !err) {
		ssize_t n;

		err = await_room(interrupt_fd);
		if (err)
			break;
		n = write(STDOUT_FILENO, text, length < PIPE_BUF ? length : PIPE_BUF);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			err = -errno;
		if (n > 0) {
			text += n;
			length -= (size_t)n;
		}
	}
	return err;
}

/* By way of memory: stdio would wait, and forget why a write failed. */
int output_draw(output_drawer *draw, const void *what, bool no_color, int interrupt_fd)
{
	struct report_style style = style_of_stdout(no_color);
	char *text = NULL;
	size_t length = 0;
	FILE *memory = open_memstream(&text, &length);
	int err = memory ? draw(what, &style, memory) : -errno;

	if (memory && fclose(memory) && !err)
		err = -errno;
	if (!err)
		err = write_out(text, length, interrupt_fd);
	free(text);
	if (err && err != -EINTR)
		log_error("standard output: %s", strerror(-err));
	return err;
}

/* A session on its way to standard output. */
struct drawing {
	const struct session *session;
	enum format format;
	report_view *view;
};

static int draw_session(const void *what, const struct report_style *style, FILE *out)
{
	static export_writer *const machine[] = {
		[FORMAT_JSON] = export_json,
		[FORMAT_NDJSON] = export_ndjson,
		[FORMAT_CSV] = export_csv,
	};
	const struct drawing *drawing = what;
	const struct export_source source = { .session = drawing->session };

	switch (drawing->format) {
	case FORMAT_TABLE:
		return drawing->view(drawing->session, style, out);
	case FORMAT_PLAIN:
		return report_plain(drawing->view, drawing->session, out);
	case FORMAT_MARKDOWN:
		return report_markdown(drawing->view, drawing->session, out);
	default:
		return machine[drawing->format](&source, out);
	}
}

int output_session(const struct session *session, enum format format, enum view_of view,
		   bool no_color, int interrupt_fd)
{
	static report_view *const views[] = {
		[VIEW_SUMMARY] = report_table,	 [VIEW_LATENCY] = report_latency,
		[VIEW_WORKERS] = report_workers, [VIEW_KERNEL] = report_kernel,
		[VIEW_LOCKS] = report_locks,	 [VIEW_BUDGET] = report_budget,
	};
	const struct drawing drawing = { session, format, views[view] };

	return output_draw(draw_session, &drawing, no_color, interrupt_fd);
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
