/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the program tells its caller by its exit code. Scripts rely on the numbers. */
#ifndef BASE_EXIT_H
#define BASE_EXIT_H

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1, /* a race failed, a file is unreadable or cannot be written */
	EXIT_USAGE = 2,
	EXIT_REGRESSION = 3, /* compare found one */
	EXIT_NOT_TRACED = 4, /* the kernel or the rights for --trace=require are missing */
	EXIT_LOST_UPDATES = 5, /* by a strategy that promises an exact counter */
	EXIT_NOT_RECONCILED = 6, /* kernel counts that differ from their independent source */
	EXIT_INTERRUPTED = 130,
};

#endif
