/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder for what the programs that a benchmark starts write. */
#ifndef BENCH_SCRATCH_H
#define BENCH_SCRATCH_H

#define SCRATCH_BYTES 64

/* Makes it and fills its path. Ends the program with a line when it cannot. */
void scratch_make(char folder[SCRATCH_BYTES]);

/* Removes it and the files in it. */
void scratch_remove(const char *folder);

/* To stderr, one of its files. */
void scratch_print_log(const char *folder, const char *log);

#endif
