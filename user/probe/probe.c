/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/latency.h"
#include "probe.skel.h"
#include "probe/findings.h"
#include "probe/tracepoint.h"
#include "probe/way.h"

struct probe {
	struct probe_bpf *skeleton;
	struct tb_lock *locks; /* mapped */
	unsigned int n_locks;
	struct tb_mutexes mutexes; /* of the next race, offsets in its object */
	bool sees_wakers;
	struct btf *kernel; /* its types; only while it is loaded */
	struct tb_slot *slots; /* mapped, to empty them */
	const struct tb_slot *slots_to_read; /* mapped once more, for the tasks of the races */
	struct tb_bucket *buckets; /* mapped */
	struct tb_tally *tally; /* mapped */
	unsigned int n_slots; /* of tasks; behind them are those of the kernel's threads */
	uint64_t detached_ns; /* when it was last */
	bool has_account; /* the kernel keeps sched_info, see bpf/unseen.bpf.h */
	bool sees_calls;
	bool sees_uring;
	unsigned int ways;
	double load_ms;
	struct latency attached, detached; /* how long that took, each time */
};

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static size_t slots_bytes(const struct probe *probe)
{
	return whole_pages((probe->n_slots + TB_KERNEL_SLOTS) * sizeof(struct tb_slot));
}

static size_t locks_bytes(const struct probe *probe)
{
	return whole_pages(probe->n_locks * sizeof(struct tb_lock));
}

#define PID_MARKS_SPARE 256
#define BUCKETS_BYTES (TB_BUCKETS * sizeof(struct tb_bucket))

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

static int map_all(struct probe *probe)
{
	size_t bytes = slots_bytes(probe);
	int err = map_own(probe->skeleton->maps.slots, bytes, (void **)&probe->slots);

	if (!err)
		err = map_memory(probe->skeleton->maps.slots, bytes, PROT_READ,
				 (void **)&probe->slots_to_read);
	if (!err)
		err = map_own(probe->skeleton->maps.buckets, BUCKETS_BYTES,
			      (void **)&probe->buckets);
	if (!err)
		err = map_own(probe->skeleton->maps.locks, locks_bytes(probe),
			      (void **)&probe->locks);
	if (!err)
		err = map_own(probe->skeleton->maps.tallies, sizeof(*probe->tally),
			      (void **)&probe->tally);
	return err;
}

static void unmap(const void *memory, size_t bytes)
{
	if (memory)
		munmap((void *)memory, whole_pages(bytes));
}

/* A completion is passed as itself (kernels of late) or as its members. */
#define ARGUMENTS_WITH_CQE 3
#define ARGUMENTS_WITH_MEMBERS 7

/* The function of a futex system call, as an fexit program's section names it. */
static bool has_target(const struct probe *probe, const struct bpf_program *program)
{
	const char *function = strchr(bpf_program__section_name(program), '/');

	return function && function_exists(probe->kernel, function + 1);
}

static void choose_futex(struct probe *probe)
{
	struct probe_bpf *skeleton = probe->skeleton;
	struct bpf_program *const programs[] = {
		skeleton->progs.on_futex,	  skeleton->progs.on_futex_waitv,
		skeleton->progs.on_futex_wake,	  skeleton->progs.on_futex_wait,
		skeleton->progs.on_futex_requeue,
	};
	bool by_fexit = probe->sees_calls && probe->ways & WAY_FUTEX_FEXIT;

	skeleton->rodata->futex_by_fexit = by_fexit;
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		bpf_program__set_autoload(programs[i], by_fexit && has_target(probe, programs[i]));
}

static int choose_switch(struct probe *probe)
{
	struct probe_bpf *skeleton = probe->skeleton;
	enum switch_signature signature = tracepoint_switch(probe->kernel);

	/* Whatever comes behind `next` is not looked at then. */
	if (probe->ways & WAY_SWITCH_TASK && signature == SWITCH_STATE_LAST)
		signature = SWITCH_STATELESS;
	bpf_program__set_autoload(skeleton->progs.on_switch, signature == SWITCH_STATE_LAST);
	bpf_program__set_autoload(skeleton->progs.on_switch_state_second,
				  signature == SWITCH_STATE_SECOND);
	bpf_program__set_autoload(skeleton->progs.on_switch_stateless,
				  signature == SWITCH_STATELESS);
	return signature == SWITCH_UNKNOWN ? -ENOTSUP : 0;
}

/* The map that is not used is not made, and the verifier finds that nothing gets to it. */
static int choose_storage(struct probe *probe)
{
	struct probe_bpf *skeleton = probe->skeleton;
	bool by_pid = probe->ways & WAY_STORAGE_HASH;
	int err;

	skeleton->rodata->marks_by_pid = by_pid;
	bpf_program__set_autoload(skeleton->progs.note_namespace, by_pid);
	bpf_program__set_autoload(skeleton->progs.on_free, by_pid);
	err = bpf_map__set_autocreate(skeleton->maps.marks, !by_pid);
	if (!err)
		err = bpf_map__set_autocreate(skeleton->maps.pid_marks, by_pid);
	/* Besides those with slots: arenas, and tasks for which there was none. */
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.pid_marks,
					       probe->n_slots + PID_MARKS_SPARE);
	return err;
}

/* Programs that no level of this probe needs are not even verified. */
static void choose_programs(struct probe *probe, const struct probe_options *options)
{
	struct probe_bpf *skeleton = probe->skeleton;
	int arguments;

	probe->sees_calls = options->calls && !options->no_syscall_tracepoints &&
			    tracepoint_arguments(probe->kernel, "sys_enter") >= 0;
	arguments = probe->sees_calls ? tracepoint_arguments(probe->kernel, "io_uring_complete") :
					-1;
	probe->sees_uring = arguments == ARGUMENTS_WITH_CQE || arguments == ARGUMENTS_WITH_MEMBERS;
	skeleton->rodata->completes_with_cqe = arguments == ARGUMENTS_WITH_CQE;
	probe->sees_wakers = options->wakers;
	bpf_program__set_autoload(skeleton->progs.on_waking, probe->sees_wakers);
	bpf_program__set_autoload(skeleton->progs.on_uring_complete, probe->sees_uring);
	bpf_program__set_autoload(skeleton->progs.on_sys_enter, probe->sees_calls);
	bpf_program__set_autoload(skeleton->progs.on_sys_exit, probe->sees_calls);
}

static unsigned int power_of_two(unsigned int at_least)
{
	unsigned int power = 1;

	while (power < at_least)
		power *= 2;
	return power;
}

/* So many wakers of each task find room, or as many owners of what it slept for: linear in the tasks,
 * which a pair of each with each would not be. More of them are counted as lost. */
#define EDGES_PER_TASK 64

static unsigned int edges_for(const struct probe_options *options)
{
	return options->wakers ? options->max_tasks * EDGES_PER_TASK : 1;
}

static int size_maps(struct probe *probe, const struct probe_options *options)
{
	struct probe_bpf *skeleton = probe->skeleton;
	int err;

	probe->n_locks = power_of_two(options->max_locks ? options->max_locks : PROBE_LOCKS);
	skeleton->rodata->lock_mask = probe->n_locks - 1;
	err = bpf_map__set_max_entries(skeleton->maps.slots, options->max_tasks + TB_KERNEL_SLOTS);
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.locks, probe->n_locks);
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.edges, edges_for(options));
	if (!err)
		err = bpf_map__set_max_entries(skeleton->maps.owners, edges_for(options));
	return err;
}

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
	struct probe_bpf *skeleton;
	struct ways_found found;
	int err;

	found = ways_find(probe->kernel, options->calls || options->ways & WAYS_FUTEX);
	if (ways_choose(options->ways, &found, &probe->ways))
		return -ENOTSUP;
	skeleton = probe_bpf__open();
	if (!skeleton)
		return -errno;
	probe->skeleton = skeleton;
	probe->n_slots = options->max_tasks;
	skeleton->rodata->task_slots = options->max_tasks;
	skeleton->rodata->switch_to_miss = options->switch_to_miss;
	skeleton->rodata->hide_every = options->hide_every;
	skeleton->rodata->buckets_are_full = options->buckets_are_full;
	choose_programs(probe, options);
	choose_futex(probe);
	err = choose_switch(probe);
	if (!err)
		err = choose_storage(probe);
	if (!err)
		err = size_maps(probe, options);
	if (!err)
		err = draw_key(&skeleton->rodata->address_key);
	if (!err)
		err = probe_bpf__load(skeleton);
	if (!err && probe->ways & WAY_STORAGE_HASH)
		err = run_once(skeleton->progs.note_namespace);
	if (err)
		return err;
	/* Asked of a program, because the loader alone resolves what the kernel's types have. */
	probe->has_account = run_once(skeleton->progs.keeps_account) > 0;
	return map_all(probe);
}

int probe_load(const struct probe_options *options, struct probe **probe)
{
	uint64_t start_ns = clock_now_ns();
	int err = -ENOMEM;

	/* For good: what fails is explained by the feature probes, not by libbpf's log. */
	libbpf_set_print(NULL);
	*probe = calloc(1, sizeof(**probe));
	if (*probe) {
		(*probe)->kernel = btf__load_vmlinux_btf();
		err = load_skeleton(*probe, options);
		btf__free((*probe)->kernel);
		(*probe)->kernel = NULL;
	}
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
	unmap(probe->slots, slots_bytes(probe));
	unmap(probe->slots_to_read, slots_bytes(probe));
	unmap(probe->buckets, BUCKETS_BYTES);
	unmap(probe->locks, locks_bytes(probe));
	unmap(probe->tally, sizeof(*probe->tally));
	probe_bpf__destroy(probe->skeleton);
	free(probe);
}

double probe_load_ms(const struct probe *probe)
{
	return probe->load_ms;
}

bool probe_sees_calls(const struct probe *probe)
{
	return probe->sees_calls;
}

unsigned int probe_ways(const struct probe *probe)
{
	return probe->ways;
}

bool probe_sees_uring(const struct probe *probe)
{
	return probe->sees_uring;
}

/* Attaching is of programs that were loaded only, whatever is wished here. */
static void choose_attached(struct probe_bpf *skeleton, enum level level, bool by_account)
{
	bool calls = level == LEVEL_CALLS;

	bpf_program__set_autoattach(skeleton->progs.on_wakeup, !by_account);
	bpf_program__set_autoattach(skeleton->progs.on_waking, level == LEVEL_WAKERS);
	bpf_program__set_autoattach(skeleton->progs.on_sys_enter, calls);
	bpf_program__set_autoattach(skeleton->progs.on_sys_exit, calls);
	bpf_program__set_autoattach(skeleton->progs.on_uring_complete, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_waitv, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_wake, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_wait, calls);
	bpf_program__set_autoattach(skeleton->progs.on_futex_requeue, calls);
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

	memset(probe->slots, 0, (probe->n_slots + TB_KERNEL_SLOTS) * sizeof(*probe->slots));
	memset(probe->buckets, 0, BUCKETS_BYTES);
	*probe->tally = (struct tb_tally){ .by_account = by_account, .looks_for_wakers = wakers };
	memset(probe->locks, 0, probe->n_locks * sizeof(*probe->locks));
	if (probe->ways & WAY_STORAGE_HASH)
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

	self->tally->mutexes = self->mutexes;
	self->tally->mutexes.first += object;
	self->tally->mutexes.end = object + object_bytes;
	if (self->ways & WAY_STORAGE_HASH) {
		self->tally->target = (__u32)pid;
		return 0;
	}
	return bpf_map_update_elem(fd, &pidfd, &mark, BPF_ANY) ? -errno : 0;
}

const struct tb_slot *probe_slots(const struct probe *probe, unsigned int *n)
{
	*n = probe->n_slots;
	return probe->slots_to_read;
}

/* One that polls may be on its CPU from birth to the end: then that stretch is all there is. */
static uint64_t on_cpu_ns(const struct tb_slot *slot, uint64_t until_ns)
{
	bool open = slot->state == TB_RUNNING && until_ns > slot->since_ns;

	return slot->on_cpu_ns + (open ? until_ns - slot->since_ns : 0);
}

void probe_add_threads(const struct probe *probe, struct probe_threads *sum)
{
	sum->tasks += probe->tally->kernel_taken;
	for (int i = 0; i < TB_KERNEL_SLOTS; i++) {
		const struct tb_slot *slot = &probe->slots[probe->n_slots + (unsigned int)i];

		sum->on_cpu_ns += on_cpu_ns(slot, probe->detached_ns);
		sum->voluntary += slot->voluntary;
		sum->involuntary += slot->involuntary;
	}
}

void probe_add_losses(const struct probe *probe, uint64_t lost[TB_LOSSES])
{
	for (int i = 0; i < TB_LOSSES; i++)
		lost[i] += probe->tally->lost[i];
	for (int slot = 0; slot < TB_KERNEL_SLOTS; slot++)
		for (int i = 0; i < TB_LOSSES; i++)
			lost[i] += probe->slots[probe->n_slots + (unsigned int)slot].lost[i];
}

int probe_findings(const struct probe *probe, struct findings *findings)
{
	const struct finding_sources sources = {
		.slots = probe->slots,
		.n_slots = probe->n_slots,
		.locks = probe->locks,
		.n_locks = probe->n_locks,
		.edges_fd = bpf_map__fd(probe->skeleton->maps.edges),
		.owners_fd = bpf_map__fd(probe->skeleton->maps.owners),
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
