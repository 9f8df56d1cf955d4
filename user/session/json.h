/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session as JSON (RFC 8259, UTF-8), and back. What is written and read again is the same bit
 * for bit: integers have 63 bits and a sign, reals 17 significant digits.
 *
 * Not kept: the samples of time.cpu_ns_per_op and of slowdown; infinities, which become null; and
 * in a string each byte that is of no UTF-8 character becomes U+FFFD (base/utf8.h).
 */
#ifndef SESSION_JSON_H
#define SESSION_JSON_H

#include <stdio.h>

#include "session/session.h"

/* A file above this is no session: it is refused before it fills the memory. */
#define SESSION_JSON_MAX_BYTES (256L << 20)

/*
 * Writes to `file`, indented, with a newline at the end, and flushes it. Returns 0 or a negative
 * errno, -EIO where the C library does not tell why. Says nothing: only the caller knows the name.
 */
int session_write_json(const struct session *session, FILE *file);

/*
 * Reads `file` to its end. `name` is what error lines call it. Keys that are not known are ignored;
 * those of this version must be there, each once, with a value of the right type and range, but for
 * those that are left out while they are null; and plan.order must name results that exist, as the
 * results of a merged session must name their sources.
 *
 * Returns 0 and a session to be freed with session_free(); or -EINVAL when it is malformed, -ENOMEM,
 * -EFBIG, or the errno of a failed read, after one line on stderr that says where and what. Then
 * *session is NULL.
 */
int session_read_json(const char *name, FILE *file, struct session **session);

/*
 * The same of one file of several, which have *left bytes between them: less by what was read of it.
 * -EFBIG is not said.
 */
int session_read_json_within(const char *name, FILE *file, long *left, struct session **session);

#endif
