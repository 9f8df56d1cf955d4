/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Touching files with the rights of the user who called sudo: who may run this one program as root
 * must not be able to read or write with it what only root could.
 */
#ifndef BASE_RIGHTS_H
#define BASE_RIGHTS_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* What to go back to. */
struct rights {
	bool changed;
	gid_t group;
	gid_t *groups;
	int n_groups;
};

/*
 * Takes the caller's effective ids and groups; does nothing where nobody called sudo. Returns 0,
 * or a negative errno after one line on stderr. rights_give_back() is due either way.
 */
int rights_take_callers(struct rights *rights);
void rights_give_back(struct rights *rights);

/*
 * Opens a file to be read. Returns 0, or the errno of fopen(), or a negative errno after one line
 * on stderr where the rights could not be taken.
 */
int rights_open(const char *path, FILE **file);

#endif
