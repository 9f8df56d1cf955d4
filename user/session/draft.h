/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A file that is being written and has no name yet, or a temporary one, so that it appears under its
 * own whole or not at all.
 *
 * Where the file system can (O_TMPFILE), it has none until it is complete: whatever ends the process,
 * nothing is left. A name is needed to replace a file in one step, and then lasts for two system
 * calls; and throughout on other file systems. Whoever is killed meanwhile leaves the file under that
 * name, without its lock: the kernel drops that with the process. By this the next one knows that it
 * is nobody's, across pid namespaces, reboots and hosts, where a pid in its name would say little.
 */
#ifndef SESSION_DRAFT_H
#define SESSION_DRAFT_H

#include <stdbool.h>

struct draft {
	int fd; /* to write to */
	int directory_fd; /* borrowed */
	char name[32]; /* empty: it has none */
};

/* Creates an empty one, to be ended by one of the next two. Returns 0 or a negative errno. */
int draft_create(int directory_fd, struct draft *draft);

/*
 * Gives it its name. Never follows a link, and replaces what has that name only with `replace`:
 * otherwise -EEXIST. Returns 0 or a negative errno, and then the draft is discarded.
 */
int draft_publish(struct draft *draft, const char *name, bool replace);

void draft_discard(struct draft *draft);

/* Removes what others of the same user left in the directory when they were killed. */
void draft_sweep(int directory_fd);

#endif
