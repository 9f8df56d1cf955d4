/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ctrl-C, SIGTERM and SIGHUP as something to poll: no work is done in a signal handler.
 *
 * Held back from interrupt_open() on, they end nothing by themselves. Who holds them looks for them
 * wherever something may take long, says what comes of it, and lets go: the next one then ends the
 * program at once.
 */
#ifndef COMMAND_INTERRUPT_H
#define COMMAND_INTERRUPT_H

#include <stdbool.h>

/*
 * A descriptor that becomes readable with the first interruption, or a negative errno after one line
 * on stderr.
 */
int interrupt_open(void);

/* Whether there was one. Never with -1 for a descriptor. */
bool interrupt_came(int fd);

/*
 * Deals with the first interruption: says what follows from it, and lets go. One that has come in
 * addition ends the program here. The descriptor is -1 from then on.
 */
void interrupt_acknowledge(int *fd, const char *what_follows);

/*
 * At the end of a command: an interruption that nobody has dealt with came when all had been
 * measured, but may have cut the output short, as output_draw() returned in `shown`. Returns the exit
 * code, which else is `code`.
 */
int interrupt_conclude(int *fd, int shown, int code);

/* Lets go without a word. */
void interrupt_close(int fd);

#endif
