/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C and SIGTERM as something to poll: no work is done in a signal handler. */
#ifndef COMMAND_INTERRUPT_H
#define COMMAND_INTERRUPT_H

/* A descriptor that becomes readable with the first interruption. A negative errno on failure. */
int interrupt_open(void);

/* From now on an interruption ends the program at once, and so does one that has come meanwhile
 * in addition to the first. */
void interrupt_close(int fd);

#endif
