/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the fault tests share: the program in a directory of its own, its parties (the run, its arena,
 * its workers, the process that saves). What they leave is a matter of lib/leftovers.h.
 *
 * The test is a subreaper: whoever loses its parent becomes its child, so that it misses nobody.
 */
#ifndef TRACEBENCH_TESTS_PARTY_H
#define TRACEBENCH_TESTS_PARTY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "session/session.h"

/* Once, before anything else. Ends the test program where it cannot be tried. */
void party_prepare(void);

/* FAULTS_SEED from the environment, else a random one; and how many rounds FAULTS_ROUNDS asks for. */
uint64_t party_seed(void);
unsigned int party_rounds(unsigned int otherwise);
/* From 0 to n - 1. */
unsigned int party_random(unsigned int n);
void party_sleep_us(unsigned int us);

/* ---- A run ---- */

#define PARTY_IDS 64
#define PARTY_CHILDREN 64

struct party {
	pid_t run;
	int run_pidfd;
	bool ordinary; /* not root, though the test is */
	char directory[64]; /* out, err, and what the run makes there */
	/* What leftovers_note_bpf() found. */
	struct {
		char kind; /* 'p'rogram, 'm'ap, 'l'ink */
		uint32_t id;
	} bpf[PARTY_IDS];
	unsigned int n_bpf;
};

/*
 * A directory; with an old session s.json in it, if wished. `ordinary`: what is started in it is so
 * by nobody, when root runs the test.
 */
void party_open(struct party *party, bool ordinary, bool with_old_session);
/* Starts the program in it: a NULL-terminated list, without argv[0]. */
void party_start(struct party *party, const char *const arguments[]);

enum role { ROLE_RUN, ROLE_ARENA, ROLE_WORKER, ROLE_SAVER };

/* A pidfd of one who has the role now, or -1. */
int party_find(const struct party *party, enum role role);
unsigned int party_children(pid_t pid, pid_t children[PARTY_CHILDREN]);
bool party_is_over(const struct party *party);

/* Waits for the run's end, within `seconds`; its wait status, or -1, and then it is killed. */
int party_end(struct party *party, int seconds);

/* The session that the directory's file is, to be freed, or NULL. */
struct session *party_session(const struct party *party, const char *name);
bool party_has_session(const struct party *party, const char *name);
bool party_has_file(const struct party *party, const char *name);
/* A file's text, cut at `size`. */
void party_read(const struct party *party, const char *name, char *text, size_t size);

void party_remove(const struct party *party, const char *name);

/* Removes the directory and what is in it. */
void party_close(struct party *party);

#endif
