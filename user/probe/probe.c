/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/latency.h"
#include "probe.skel.h"
#include "probe/choice.h"
#include "probe/findings.h"
#include "probe/tables.h"
#include "probe/timeline.h"
#include "probe/way.h"

struct probe {
	struct probe_bpf *skeleton;
	struct choice choice;
	struct tables tables;
	struct timeline timeline;
	struct tb_mutexes mutexes; /* of the next race, offsets in its object */
	uint64_t detached_ns; /* when it was last */
	bool has_account; /* the kernel keeps sched_info, see bpf/unseen.bpf.h */
	double load_ms;
	struct latency attached, detached; /* how long that took, each time */
};

/* For user space to run a program once that says or notes something. Returns what it returns. */
static int run_once(const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int err = bpf_prog_test_run_opts(bpf_program__fd(program), &run);

	return err ? err : (int)run.retval;
}

/* See bpf/contention.bpf.c. */
static int draw_key(__u64 *key)
{
	return getrandom(key, sizeof(*key), 0) == (ssize_t)sizeof(*key) ? 0 : -errno;
}

static int load_skeleton(struct probe *probe, const struct probe_options *options)
{
	struct btf *kernel = btf__load_vmlinux_btf();
	struct probe_bpf *skeleton = probe_bpf__open();
	int err = skeleton ? 0 : -errno;

	probe->skeleton = skeleton;
	if (!err)
		err = choose_loaded(&probe->choice, skeleton, kernel, options);
	btf__free(kernel);
	if (err)
		return err;
	skeleton->rodata->switch_to_miss = options->switch_to_miss;
	skeleton->rodata->hide_every = options->hide_every;
	skeleton->rodata->buckets_are_full = options->buckets_are_full;
	err = tables_size(&probe->tables, skeleton, options);
	if (!err)
		err = timeline_size(&probe->timeline, skeleton, options);
	if (!err)
		err = draw_key(&skeleton->rodata->address_key);
	if (!err)
		err = probe_bpf__load(skeleton);
	if (!err && probe->choice.ways & WAY_STORAGE_HASH)
		err = run_once(skeleton->progs.note_namespace);
	if (err)
		return err;
	/* Asked of a program, because the loader alone resolves what the kernel's types have. */
	probe->has_account = run_once(skeleton->progs.keeps_account) > 0;
	err = tables_map(&probe->tables, skeleton);
	return err ? err : timeline_open(&probe->timeline, skeleton, options);
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
	tables_unmap(&probe->tables);
	timeline_free(&probe->timeline);
	probe_bpf__destroy(probe->skeleton);
	free(probe);
}

double probe_load_ms(const struct probe *probe)
{
	return probe->load_ms;
}

bool probe_sees_calls(const struct probe *probe)
{
	return probe->choice.calls;
}

unsigned int probe_ways(const struct probe *probe)
{
	return probe->choice.ways;
}

bool probe_sees_uring(const struct probe *probe)
{
	return probe->choice.uring;
}

/* Of tasks that were alive when their race was over, at most: the others had theirs removed. */
static void forget_pids(const struct probe *probe)
{
	int fd = bpf_map__fd(probe->skeleton->maps.pid_marks);
	__u32 pid;

	while (bpf_map_get_next_key(fd, NULL, &pid) == 0 && bpf_map_delete_elem(fd, &pid) == 0)
		;
}

int probe_attach(struct probe *probe, enum level level, bool one_cpu)
{
	bool wakers = level == LEVEL_WAKERS;
	bool by_account = one_cpu && probe->has_account && !wakers;
	uint64_t start_ns = clock_now_ns();
	int err;

	tables_clear(&probe->tables);
	timeline_clear(&probe->timeline);
	probe->tables.tally->by_account = by_account;
	probe->tables.tally->looks_for_wakers = wakers;
	probe->tables.tally->looks_for_stacks = level == LEVEL_STACKS;
	if (probe->choice.ways & WAY_STORAGE_HASH)
		forget_pids(probe);
	choose_attached(probe->skeleton, level, by_account);
	err = findings_clear(bpf_map__fd(probe->skeleton->maps.edges),
			     bpf_map__fd(probe->skeleton->maps.owners));
	if (!err)
		err = probe_bpf__attach(probe->skeleton);
	if (err)
		probe_bpf__detach(probe->skeleton);
	else
		latency_add(&probe->attached, clock_now_ns() - start_ns);
	return err;
}

void probe_detach(struct probe *probe)
{
	uint64_t start_ns = clock_now_ns();

	probe->detached_ns = start_ns;
	probe_bpf__detach(probe->skeleton);
	latency_add(&probe->detached, clock_now_ns() - start_ns);
}

void probe_mutexes(struct probe *probe, const struct tb_mutexes *mutexes)
{
	probe->mutexes = *mutexes;
}

int probe_target(void *probe, pid_t pid, int pidfd, uint64_t object, uint64_t object_bytes)
{
	struct probe *self = probe;
	struct tb_mark mark = { .slot = TB_NO_SLOT };
	int fd = bpf_map__fd(self->skeleton->maps.marks);

	self->tables.tally->mutexes = self->mutexes;
	self->tables.tally->mutexes.first += object;
	self->tables.tally->mutexes.end = object + object_bytes;
	if (self->choice.ways & WAY_STORAGE_HASH) {
		self->tables.tally->target = (__u32)pid;
		return 0;
	}
	return bpf_map_update_elem(fd, &pidfd, &mark, BPF_ANY) ? -errno : 0;
}

const struct tb_slot *probe_slots(const struct probe *probe, unsigned int *n)
{
	*n = probe->tables.n_slots;
	return probe->tables.slots_to_read;
}

struct timeline *probe_timeline(struct probe *probe)
{
	return probe->timeline.rings ? &probe->timeline : NULL;
}

/* One that polls may be on its CPU from birth to the end: then that stretch is all there is. */
static uint64_t on_cpu_ns(const struct tb_slot *slot, uint64_t until_ns)
{
	bool open = slot->state == TB_RUNNING && until_ns > slot->since_ns;

	return slot->on_cpu_ns + (open ? until_ns - slot->since_ns : 0);
}

void probe_add_threads(const struct probe *probe, struct probe_threads *sum)
{
	sum->tasks += probe->tables.tally->kernel_taken;
	for (int i = 0; i < TB_KERNEL_SLOTS; i++) {
		const struct tb_slot *slot =
			&probe->tables.slots[probe->tables.n_slots + (unsigned int)i];

		sum->on_cpu_ns += on_cpu_ns(slot, probe->detached_ns);
		sum->voluntary += slot->voluntary;
		sum->involuntary += slot->involuntary;
	}
}

void probe_add_losses(const struct probe *probe, uint64_t lost[TB_LOSSES])
{
	for (int i = 0; i < TB_LOSSES; i++)
		lost[i] += probe->tables.tally->lost[i];
	for (int slot = 0; slot < TB_KERNEL_SLOTS; slot++)
		for (int i = 0; i < TB_LOSSES; i++)
			lost[i] += probe->tables.slots[probe->tables.n_slots + (unsigned int)slot]
					   .lost[i];
}

int probe_findings(const struct probe *probe, struct findings *findings)
{
	const struct finding_sources sources = {
		.slots = probe->tables.slots,
		.n_slots = probe->tables.n_slots,
		.locks = probe->tables.locks,
		.n_locks = probe->tables.n_locks,
		.edges_fd = bpf_map__fd(probe->skeleton->maps.edges),
		.owners_fd = bpf_map__fd(probe->skeleton->maps.owners),
		.places = probe->tables.places,
		.n_places = probe->tables.n_places,
		.samples = probe->tables.samples,
		.n_samples = probe->tables.n_samples,
	};

	return findings_take(&sources, findings);
}

int probe_maps(const struct probe *probe, struct map_cost **maps, size_t *n)
{
	return cost_of_maps(probe->skeleton->obj, maps, n);
}

int probe_programs(const struct probe *probe, struct program_cost **programs, size_t *n)
{
	return cost_of_programs(probe->skeleton->skeleton, programs, n);
}

static double median_ms(const struct latency *latency)
{
	if (!latency->count)
		return NAN;
	return (double)latency_quantile(latency, 0.5) / (double)NS_PER_MS;
}

double probe_attach_ms(const struct probe *probe)
{
	return median_ms(&probe->attached);
}

double probe_detach_ms(const struct probe *probe)
{
	return median_ms(&probe->detached);
}
