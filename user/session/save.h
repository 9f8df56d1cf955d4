/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Saving a session, or what is made of it, to a file that a person named.
 *
 * The file appears whole or not at all (session/draft.h). Something that exists is overwritten only
 * with `force`, and only a regular file. A symbolic link is refused, not followed. What a save that
 * was killed left in that directory is removed on the way.
 *
 * As root by way of sudo (SUDO_UID and SUDO_GID), the file is looked up and created with the file
 * rights of the user who called sudo, and so belongs to that user (base/rights.h). Meanwhile the
 * process has that user's effective ids; no other thread may be at work.
 *
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT wait until the file is complete or gone.
 *
 * All return 0, or a negative errno after one line on stderr that names the path.
 */
#ifndef SESSION_SAVE_H
#define SESSION_SAVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "session/session.h"

/*
 * Writes a text about something. Returns 0 or a negative errno, and says nothing; or -ECANCELED when it
 * has said why, or there is nobody to be told.
 */
typedef int save_writer(const void *what, FILE *out);

/* Whether a save can do its part, as far as can be told before there is a session. */
int save_check(const char *path, bool force);

/* Without `force`, a file that came into being after save_check() is left alone: -EEXIST. */
int save_session(const char *path, bool force, const struct session *session);
/* What is written goes to the file as it comes, so that its length is no matter. */
int save_written(const char *path, bool force, save_writer *writer, const void *what);

#endif
