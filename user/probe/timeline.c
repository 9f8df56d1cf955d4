/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/timeline.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe.skel.h"
#include "probe/probe.h"

#define RING_BYTES ((size_t)8 << 20)
#define ALL_RINGS_BYTES ((size_t)256 << 20)
#define LEAST_RING_BYTES ((size_t)64 << 10)

size_t timeline_ring_bytes(unsigned int n_cpus)
{
	size_t bytes = RING_BYTES;

	while (bytes > LEAST_RING_BYTES && bytes * n_cpus > ALL_RINGS_BYTES)
		bytes /= 2;
	return bytes;
}

/* Whole pages, and a power of two. */
static size_t ring_bytes(const struct timeline *timeline, const struct probe_options *options)
{
	size_t bytes = (size_t)sysconf(_SC_PAGESIZE);

	if (!options->ring_bytes)
		return timeline_ring_bytes(timeline->n_cpus);
	while (bytes < options->ring_bytes)
		bytes *= 2;
	return bytes;
}

static int choose_maps(const struct probe_bpf *skeleton, bool wanted)
{
	struct bpf_map *const maps[] = { skeleton->maps.rings, skeleton->maps.timeline_cpus,
					 skeleton->maps.identities, skeleton->maps.named_pids };
	int err = 0;

	for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]) && !err; i++)
		err = bpf_map__set_autocreate(maps[i], wanted);
	return err;
}

int timeline_size(struct timeline *timeline, struct probe_bpf *skeleton,
		  const struct probe_options *options)
{
	int n_cpus = libbpf_num_possible_cpus();
	int err = choose_maps(skeleton, options->timeline);

	if (err || !options->timeline)
		return err;
	if (n_cpus < 0)
		return n_cpus;
	timeline->n_cpus = (unsigned int)n_cpus;
	timeline->n_identities = options->max_tasks + TB_KERNEL_SLOTS;
	skeleton->rodata->timeline = true;
	/* When a quarter is taken, the reader is woken, and has the other three to come. */
	skeleton->rodata->wake_bytes = ring_bytes(timeline, options) / 4;
	err = bpf_map__set_max_entries(skeleton->maps.rings, timeline->n_cpus);
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.timeline_cpus, timeline->n_cpus);
	return err ? err :
		     bpf_map__set_max_entries(skeleton->maps.identities, timeline->n_identities);
}

static int open_rings(struct timeline *timeline, int map, size_t bytes)
{
	int err = 0;

	timeline->rings = calloc(timeline->n_cpus, sizeof(*timeline->rings));
	if (!timeline->rings)
		return -ENOMEM;
	for (unsigned int cpu = 0; cpu < timeline->n_cpus; cpu++)
		timeline->rings[cpu].fd = -1;
	for (unsigned int cpu = 0; cpu < timeline->n_cpus && !err; cpu++) {
		err = ring_open(&timeline->rings[cpu], bytes);
		if (!err && bpf_map_update_elem(map, &cpu, &timeline->rings[cpu].fd, BPF_ANY))
			err = -errno;
	}
	return err;
}

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static size_t cpus_bytes(const struct timeline *timeline)
{
	return whole_pages(timeline->n_cpus * sizeof(*timeline->cpus));
}

static size_t identities_bytes(const struct timeline *timeline)
{
	return whole_pages(timeline->n_identities * sizeof(*timeline->identities));
}

#define NAMED_BYTES (TB_PID_WORDS * sizeof(uint64_t))

/* Not inherited by a race, whose tasks have no business there. */
static int map_own(const struct bpf_map *map, size_t bytes, void **memory)
{
	*memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (*memory == MAP_FAILED) {
		*memory = NULL;
		return -errno;
	}
	return madvise(*memory, bytes, MADV_DONTFORK) ? -errno : 0;
}

int timeline_open(struct timeline *timeline, const struct probe_bpf *skeleton,
		  const struct probe_options *options)
{
	int err;

	if (!options->timeline)
		return 0;
	err = open_rings(timeline, bpf_map__fd(skeleton->maps.rings),
			 ring_bytes(timeline, options));
	if (!err)
		err = map_own(skeleton->maps.timeline_cpus, cpus_bytes(timeline),
			      (void **)&timeline->cpus);
	if (!err)
		err = map_own(skeleton->maps.identities, identities_bytes(timeline),
			      (void **)&timeline->identities);
	if (!err)
		err = map_own(skeleton->maps.named_pids, NAMED_BYTES, (void **)&timeline->named);
	return err;
}

void timeline_free(struct timeline *timeline)
{
	for (unsigned int cpu = 0; timeline->rings && cpu < timeline->n_cpus; cpu++)
		ring_close(&timeline->rings[cpu]);
	free(timeline->rings);
	if (timeline->cpus)
		munmap(timeline->cpus, cpus_bytes(timeline));
	if (timeline->identities)
		munmap(timeline->identities, identities_bytes(timeline));
	if (timeline->named)
		munmap(timeline->named, NAMED_BYTES);
}

void timeline_clear(struct timeline *timeline)
{
	if (!timeline->rings)
		return;
	for (unsigned int cpu = 0; cpu < timeline->n_cpus; cpu++)
		ring_empty(&timeline->rings[cpu]);
	memset(timeline->cpus, 0, cpus_bytes(timeline));
	memset(timeline->identities, 0, identities_bytes(timeline));
	memset(timeline->named, 0, NAMED_BYTES);
}

uint64_t timeline_lost(const struct timeline *timeline)
{
	uint64_t lost = 0;

	for (unsigned int cpu = 0; cpu < timeline->n_cpus; cpu++)
		lost += __atomic_load_n(&timeline->cpus[cpu].lost, __ATOMIC_RELAXED);
	return lost;
}
