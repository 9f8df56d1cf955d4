/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of set-up: from here on a command has only the rights that it needs. */
#ifndef COMMAND_CONFINE_H
#define COMMAND_CONFINE_H

#include <stdbool.h>

/*
 * For a command that makes workers, before it looks at what can be raced: where the process may, it
 * gets an IPC namespace of its own, whose limits are not those of the rest of the machine. System V
 * objects and POSIX message queues end with the last process in it, whatever ends that. What dead
 * runs of this user left elsewhere is swept.
 */
void confine_objects(void);

/*
 * For a command that makes workers: to be called once, when the probe is loaded (`traced`) or is
 * not going to be, and before the first worker but those of session/own_cost.h. What is left are the capabilities that attaching
 * takes, or none; root has become the user who called sudo, else nobody, unless it is to be kept.
 * Files are from then on what that user may read and write (session/saver.h).
 *
 * Returns 0, or a negative errno after one line on stderr.
 */
int confine(bool keep_root, bool traced);

/*
 * For a command that only reads and shows. Root that may not become anybody else stays root without
 * any capability.
 */
void confine_reader(void);

#endif
