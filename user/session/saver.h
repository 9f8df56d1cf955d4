/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who saves the session of a run, or what is made of it.
 *
 * A run gives up its rights before it races, and would then save as whoever it has become. That is
 * right where a user called sudo, or where it never was root. Root itself would lose its file: so a
 * process of its own, made before, stays root with no rights but those of files. It waits for one
 * text, saves it piece by piece under the one path it was made for, and ends; without a whole text,
 * because the run was killed, it just ends, and there is no file.
 */
#ifndef SESSION_SAVER_H
#define SESSION_SAVER_H

#include <stdbool.h>
#include <sys/types.h>

#include "session/save.h"

/* Zeroed: nothing is to be saved. */
struct saver {
	const char *path; /* borrowed */
	bool force;
	pid_t pid; /* 0: this process saves */
	int socket;
};

/*
 * Checks that the path can be saved to (save_check()), and makes the process if root is going to be
 * given up. Returns 0, or a negative errno after one line on stderr; saver_end() is due either way.
 */
int saver_start(struct saver *saver, const char *path, bool force, bool keep_root);

/* As save_written(), once. */
int saver_save(struct saver *saver, save_writer *writer, const void *what);

void saver_end(struct saver *saver);

#endif
