/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways to make a thread or a process that `spawn` measures, each a descriptor. */
#ifndef EXPERIMENT_SPAWN_METHOD_H
#define EXPERIMENT_SPAWN_METHOD_H

#include <pthread.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/types.h>

enum spawn_makes {
	MAKES_THREAD,
	MAKES_PROCESS, /* a copy of its parent, which exits at once */
	MAKES_PROGRAM, /* a process that executes a program */
};

/* The exit status of a child that could not execute its program, as of a shell. */
#define SPAWN_NOT_EXECUTED 127

/* One of them, from its making to its end. */
struct creation {
	const char *program; /* that it executes, without arguments */
	pid_t pid; /* of a process */
	int pidfd; /* owned; -1: none */
	pthread_t thread;
};

struct spawn_method {
	const char *name;
	const char *summary;
	enum spawn_makes makes;
	const char *(*unsupported)(void); /* why not on this machine, or NULL; may be NULL itself */

	/* Both return 0 or a negative errno. The creating one returns as soon as the system does. */
	int (*create)(struct creation *creation);
	/* Waits for the end. Of a process: its wait status, and what it had used up by then. */
	int (*join)(struct creation *creation, int *status, struct rusage *usage);
};

extern const struct spawn_method spawn_methods[];
extern const size_t n_spawn_methods;

/* "thread", "process" or "program". */
const char *spawn_makes_name(enum spawn_makes makes);

#endif
