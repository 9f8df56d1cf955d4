/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/tables.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/code.h"
#include "probe.skel.h"
#include "probe/probe.h"

#define BUCKETS_BYTES (TB_BUCKETS * sizeof(struct tb_bucket))
#define PID_MARKS_SPARE 256

/* So many wakers of each task find room, or as many owners of what it slept for: linear in the tasks,
 * which a pair of each with each would not be. More of them are counted as lost. */
#define EDGES_PER_TASK 64

/*
 * So many places of each task have their stacks taken, which is 17 KiB each, and there are rows for four
 * times as many. The least is that of a race of four.
 */
#define SAMPLES_PER_TASK 32
#define SAMPLES_LEAST 128
#define SAMPLES_MOST 2048
#define PLACES_PER_SAMPLE 4

static size_t slots_bytes(const struct tables *tables)
{
	return (tables->n_slots + TB_KERNEL_SLOTS) * sizeof(struct tb_slot);
}

static size_t locks_bytes(const struct tables *tables)
{
	return tables->n_locks * sizeof(struct tb_lock);
}

static size_t places_bytes(const struct tables *tables)
{
	return tables->n_places * sizeof(struct tb_place);
}

static size_t samples_bytes(const struct tables *tables)
{
	return tables->n_samples * sizeof(struct tb_sample);
}

static unsigned int power_of_two(unsigned int at_least)
{
	unsigned int power = 1;

	while (power < at_least)
		power *= 2;
	return power;
}

static unsigned int edges_for(const struct probe_options *options)
{
	if (options->max_edges)
		return options->max_edges;
	return options->wakers ? options->max_tasks * EDGES_PER_TASK : 1;
}

static unsigned int samples_for(const struct probe_options *options)
{
	unsigned int wanted = options->max_tasks * SAMPLES_PER_TASK;

	if (options->max_stacks)
		return options->max_stacks;
	return wanted < SAMPLES_LEAST ? SAMPLES_LEAST :
	       wanted > SAMPLES_MOST  ? SAMPLES_MOST :
					wanted;
}

static int size_stacks(struct tables *tables, struct probe_bpf *skeleton,
		       const struct probe_options *options)
{
	struct code_range program, libraries;
	int err;

	if (!options->stacks)
		return 0;
	code_ranges(&program, &libraries);
	skeleton->rodata->program_code = program.first;
	skeleton->rodata->program_bytes = program.end - program.first;
	skeleton->rodata->library_code = libraries.first;
	skeleton->rodata->library_bytes = libraries.end - libraries.first;
	tables->n_samples = samples_for(options);
	tables->n_places = power_of_two(TB_SPECIAL_PLACES + tables->n_samples * PLACES_PER_SAMPLE);
	skeleton->rodata->place_mask = tables->n_places - 1;
	err = bpf_map__set_max_entries(skeleton->maps.places, tables->n_places);
	return err ? err : bpf_map__set_max_entries(skeleton->maps.samples, tables->n_samples);
}

int tables_size(struct tables *tables, struct probe_bpf *skeleton,
		const struct probe_options *options)
{
	int err;

	tables->n_slots = options->max_tasks;
	tables->n_locks = power_of_two(options->max_locks ? options->max_locks : PROBE_LOCKS);
	skeleton->rodata->task_slots = tables->n_slots;
	skeleton->rodata->lock_mask = tables->n_locks - 1;
	err = bpf_map__set_max_entries(skeleton->maps.slots, tables->n_slots + TB_KERNEL_SLOTS);
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.locks, tables->n_locks);
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.edges, edges_for(options));
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.owners, edges_for(options));
	/* Besides those with slots: arenas, and tasks for which there was none. */
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.pid_marks,
					       tables->n_slots + PID_MARKS_SPARE);
	return err ? err : size_stacks(tables, skeleton, options);
}

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static int map_memory(const struct bpf_map *map, size_t bytes, int protection, void **memory)
{
	*memory = mmap(NULL, whole_pages(bytes), protection, MAP_SHARED, bpf_map__fd(map), 0);
	if (*memory != MAP_FAILED)
		return 0;
	*memory = NULL;
	return -errno;
}

/* What can be written to is not inherited by a race: a task may read its counts, not make them. */
static int map_own(const struct bpf_map *map, size_t bytes, void **memory)
{
	int err = map_memory(map, bytes, PROT_READ | PROT_WRITE, memory);

	if (!err && madvise(*memory, whole_pages(bytes), MADV_DONTFORK))
		err = -errno;
	return err;
}

static int map_stacks(struct tables *tables, const struct probe_bpf *skeleton)
{
	int err;

	if (!tables->n_places)
		return 0;
	err = map_own(skeleton->maps.places, places_bytes(tables), (void **)&tables->places);
	return err ? err :
		     map_own(skeleton->maps.samples, samples_bytes(tables),
			     (void **)&tables->samples);
}

int tables_map(struct tables *tables, const struct probe_bpf *skeleton)
{
	size_t bytes = slots_bytes(tables);
	int err = map_own(skeleton->maps.slots, bytes, (void **)&tables->slots);

	if (!err)
		err = map_memory(skeleton->maps.slots, bytes, PROT_READ,
				 (void **)&tables->slots_to_read);
	if (!err)
		err = map_own(skeleton->maps.buckets, BUCKETS_BYTES, (void **)&tables->buckets);
	if (!err)
		err = map_own(skeleton->maps.locks, locks_bytes(tables), (void **)&tables->locks);
	if (!err)
		err = map_own(skeleton->maps.tallies, sizeof(*tables->tally),
			      (void **)&tables->tally);
	return err ? err : map_stacks(tables, skeleton);
}

static void unmap(const void *memory, size_t bytes)
{
	if (memory)
		munmap((void *)memory, whole_pages(bytes));
}

void tables_unmap(struct tables *tables)
{
	unmap(tables->slots, slots_bytes(tables));
	unmap(tables->slots_to_read, slots_bytes(tables));
	unmap(tables->buckets, BUCKETS_BYTES);
	unmap(tables->locks, locks_bytes(tables));
	unmap(tables->tally, sizeof(*tables->tally));
	unmap(tables->places, places_bytes(tables));
	unmap(tables->samples, samples_bytes(tables));
}

/* Samples are written whole when they are taken. */
static void clear_places(struct tables *tables)
{
	if (!tables->places)
		return;
	memset(tables->places, 0, places_bytes(tables));
	for (int i = 0; i < TB_SPECIAL_PLACES; i++)
		tables->places[i] = (struct tb_place){
			.task = TB_WAKER_INTERRUPT, /* of which no place is looked for */
			.sample = TB_NO_SAMPLE,
		};
}

void tables_clear(struct tables *tables)
{
	memset(tables->slots, 0, slots_bytes(tables));
	memset(tables->buckets, 0, BUCKETS_BYTES);
	memset(tables->tally, 0, sizeof(*tables->tally));
	memset(tables->locks, 0, locks_bytes(tables));
	clear_places(tables);
}
