/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Saving a session to a file that a person named.
 *
 * The file appears whole or not at all: it is written under a
 * temporary name in the same directory and renamed. Something that exists is overwritten only
 * with `force`, and only a regular file. A symbolic link is refused, not followed.
 *
 * As root by way of sudo (SUDO_UID and SUDO_GID), the file is looked up and created with the file
 * rights of the user who called sudo, and so belongs to that user: who may run this one program as
 * root must not be able to plant a file where only root could. Meanwhile the process has that
 * user's effective ids; no other thread may be at work.
 *
 * Both return 0, or a negative errno after one line on stderr that names the path.
 */
#ifndef SESSION_SAVE_H
#define SESSION_SAVE_H

#include <stdbool.h>

#include "session/session.h"

/* Whether save_session() can do its part, as far as can be told before there is a session. */
int save_check(const char *path, bool force);

/*
 * Saves. SIGINT, SIGTERM, SIGHUP and SIGQUIT wait until the file is complete or gone, so that an
 * interruption leaves no temporary file. Without `force`, a file that came into being after
 * save_check() is left alone: -EEXIST.
 */
int save_session(const char *path, bool force, const struct session *session);

#endif
