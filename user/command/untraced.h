/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why the kernel's side is missing, and what people are told of it. */
#ifndef COMMAND_UNTRACED_H
#define COMMAND_UNTRACED_H

#include "plan/options.h"

#define UNTRACED_REASON 256

/* Why the probe did not load, whose own error was `err`: the features are tried one by one. */
void untraced_find_reason(int err, char reason[static UNTRACED_REASON]);

/*
 * One line on stderr: with TRACE_REQUIRE what is missing, else also what there is all the same, as
 * a sentence without its end: "Timings are complete".
 */
void untraced_tell(enum trace_wish wish, const char *reason, const char *what_there_is);

#endif
