/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session on standard output, in the format and the dress that suit where it goes. */
#ifndef COMMAND_OUTPUT_H
#define COMMAND_OUTPUT_H

#include <stdbool.h>

#include "plan/options.h"
#include "report/report.h"
#include "session/session.h"

/*
 * Whether standard output takes anything at all, before hours are spent on what goes there.
 * Returns 0 or a negative errno after one line on stderr.
 */
int output_check(void);

/* Writes a text about something. Returns 0 or a negative errno. */
typedef int output_drawer(const void *what, const struct report_style *style, FILE *out);

/*
 * Puts on standard output what is drawn, in the dress that suits it: colour only on a terminal that
 * shows it, unless NO_COLOR or FORCE_COLOR says otherwise.
 *
 * `interrupt_fd` (or -1) is readable after an interruption: then what standard output takes at once
 * is still written, but nobody is waited for. Returns 0, -EINTR when that cut it short, or another
 * negative errno after one line on stderr.
 */
int output_draw(output_drawer *draw, const void *what, bool no_color, int interrupt_fd);
int output_session(const struct session *session, enum format format, enum view_of view,
		   bool no_color, int interrupt_fd);

/* The exit code that a session calls for, the worst finding first. */
int output_exit_code(const struct session *session);

#endif
