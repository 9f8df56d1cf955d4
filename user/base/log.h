/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person is told on stderr: one line each, "tracebench: " and the text. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

/* The thing, what was wrong, what to do. Without a full stop or a newline at the end. */
__attribute__((format(printf, 1, 2))) void log_error(const char *format, ...);

/* The same behind "warning: ". */
__attribute__((format(printf, 1, 2))) void log_warning(const char *format, ...);

#endif
