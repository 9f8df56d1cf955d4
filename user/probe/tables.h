/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The probe's maps that user space shares with the programs: how large they are, and their memory. */
#ifndef PROBE_TABLES_H
#define PROBE_TABLES_H

#include <tracebench/slot.h>

struct probe_bpf;
struct probe_options;

/* Mapped; all NULL before tables_map(). */
struct tables {
	struct tb_slot *slots; /* to empty them */
	const struct tb_slot *slots_to_read; /* the same once more, for the tasks of the races */
	unsigned int n_slots; /* of tasks; behind them are those of the kernel's threads */
	struct tb_bucket *buckets;
	struct tb_tally *tally;
	struct tb_lock *locks;
	unsigned int n_locks;
	/* None unless stacks are looked for. */
	struct tb_place *places;
	unsigned int n_places;
	struct tb_sample *samples;
	unsigned int n_samples;
};

/* Before the skeleton is loaded. Returns 0 or a negative errno. */
int tables_size(struct tables *tables, struct probe_bpf *skeleton,
		const struct probe_options *options);

/* Of the loaded skeleton. Returns 0 or a negative errno; tables_unmap() either way. */
int tables_map(struct tables *tables, const struct probe_bpf *skeleton);
void tables_unmap(struct tables *tables);

/* All zero, as before the first race. */
void tables_clear(struct tables *tables);

#endif
