/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run left when it and its parties are gone. For the fault tests. */
#ifndef TRACEBENCH_TESTS_LEFTOVERS_H
#define TRACEBENCH_TESTS_LEFTOVERS_H

#include "lib/party.h"

/*
 * For party_prepare(). As root the test gets an IPC namespace of its own, so that all objects in
 * there are the program's.
 */
void leftovers_prepare(void);

/* Remembers the BPF programs, maps and links that the run holds now, where one may look. */
void leftovers_note_bpf(struct party *party);

/*
 * Adds to `text` what is there that should not be, a line each: processes, objects in shared memory
 * and others, BPF programs, files besides those named. What a next start is to remove has to go by
 * such a start.
 */
void leftovers_find(struct party *party, const char *const files[], char *text, size_t size);

#endif
