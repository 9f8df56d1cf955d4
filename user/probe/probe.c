/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "probe.skel.h"

struct probe {
	struct probe_bpf *skeleton;
	struct tb_slot *slots; /* mapped, to empty them */
	const struct tb_slot *slots_to_read; /* mapped once more, for the tasks of the races */
	struct tb_tally *tally; /* mapped */
	unsigned int n_slots;
	double load_ms;
};

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static size_t tally_bytes(void)
{
	return whole_pages(sizeof(struct tb_tally));
}

static size_t slots_bytes(const struct probe *probe)
{
	return whole_pages(probe->n_slots * sizeof(struct tb_slot));
}

/* NULL when it failed, and errno says why. */
static void *map_memory(const struct bpf_map *map, size_t bytes, int protection)
{
	void *memory = mmap(NULL, bytes, protection, MAP_SHARED, bpf_map__fd(map), 0);

	return memory == MAP_FAILED ? NULL : memory;
}

/* What can be written to is not inherited by a race: a task may read its counts, not make them. */
static int map_all(struct probe *probe)
{
	const struct bpf_map *slots = probe->skeleton->maps.slots;
	const struct bpf_map *tallies = probe->skeleton->maps.tallies;

	probe->slots = map_memory(slots, slots_bytes(probe), PROT_READ | PROT_WRITE);
	probe->slots_to_read = map_memory(slots, slots_bytes(probe), PROT_READ);
	probe->tally = map_memory(tallies, tally_bytes(), PROT_READ | PROT_WRITE);
	if (!probe->slots || !probe->slots_to_read || !probe->tally)
		return -errno;
	if (madvise(probe->slots, slots_bytes(probe), MADV_DONTFORK) ||
	    madvise(probe->tally, tally_bytes(), MADV_DONTFORK))
		return -errno;
	return 0;
}

static int load_skeleton(struct probe *probe, const struct probe_options *options)
{
	struct probe_bpf *skeleton = probe_bpf__open();
	int err;

	if (!skeleton)
		return -errno;
	probe->skeleton = skeleton;
	probe->n_slots = options->max_tasks;
	skeleton->rodata->switch_to_miss = options->switch_to_miss;
	skeleton->rodata->hide_every = options->hide_every;
	err = bpf_map__set_max_entries(skeleton->maps.slots, options->max_tasks);
	if (!err)
		err = probe_bpf__load(skeleton);
	return err ? err : map_all(probe);
}

int probe_load(const struct probe_options *options, struct probe **probe)
{
	uint64_t start_ns = clock_now_ns();
	int err = -ENOMEM;

	/* For good: what fails is explained by the feature probes, not by libbpf's log. */
	libbpf_set_print(NULL);
	*probe = calloc(1, sizeof(**probe));
	if (*probe)
		err = load_skeleton(*probe, options);
	if (err) {
		probe_free(*probe);
		*probe = NULL;
		return err;
	}
	(*probe)->load_ms = (double)(clock_now_ns() - start_ns) / (double)NS_PER_MS;
	return 0;
}

void probe_free(struct probe *probe)
{
	if (!probe)
		return;
	if (probe->slots)
		munmap(probe->slots, slots_bytes(probe));
	if (probe->slots_to_read)
		munmap((void *)probe->slots_to_read, slots_bytes(probe));
	if (probe->tally)
		munmap(probe->tally, tally_bytes());
	probe_bpf__destroy(probe->skeleton);
	free(probe);
}

double probe_load_ms(const struct probe *probe)
{
	return probe->load_ms;
}

int probe_attach(struct probe *probe)
{
	int err;

	memset(probe->slots, 0, probe->n_slots * sizeof(*probe->slots));
	memset(probe->tally, 0, sizeof(*probe->tally));
	err = probe_bpf__attach(probe->skeleton);
	if (err)
		probe_bpf__detach(probe->skeleton);
	return err;
}

void probe_detach(struct probe *probe)
{
	probe_bpf__detach(probe->skeleton);
}

int probe_target(void *probe, int pidfd)
{
	struct probe *self = probe;
	struct tb_mark mark = { .slot = TB_NO_SLOT };
	int fd = bpf_map__fd(self->skeleton->maps.marks);

	return bpf_map_update_elem(fd, &pidfd, &mark, BPF_ANY) ? -errno : 0;
}

const struct tb_slot *probe_slots(const struct probe *probe, unsigned int *n)
{
	*n = probe->n_slots;
	return probe->slots_to_read;
}

void probe_add_losses(const struct probe *probe, uint64_t lost[TB_LOSSES])
{
	for (int i = 0; i < TB_LOSSES; i++)
		lost[i] += probe->tally->lost[i];
}
