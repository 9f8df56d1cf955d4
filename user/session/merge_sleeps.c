/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the probe counted, over all tasks of all races traced at the sleeps level. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/foreign.h"
#include "session/merge.h"

static const char *const lock_types[TB_LOCK_TYPES] = {
	[TB_SPINLOCK] = "spinlock", [TB_MUTEX] = "mutex",   [TB_RWSEM] = "rwsem",
	[TB_RTMUTEX] = "rtmutex",   [TB_PERCPU] = "percpu",
};

static struct blocked by_reason(const uint64_t of[TB_REASONS])
{
	return (struct blocked){
		.futex = (int64_t)of[TB_FUTEX],
		.pipe = (int64_t)of[TB_PIPE],
		.eventfd = (int64_t)of[TB_EVENTFD],
		.socket = (int64_t)of[TB_SOCKET],
		.mqueue = (int64_t)of[TB_MQUEUE],
		.sysv = (int64_t)of[TB_SYSV],
		.io_uring = (int64_t)of[TB_IO_URING],
		.kernel_lock = (int64_t)of[TB_KERNEL_LOCK],
		.sleep = (int64_t)of[TB_SLEEP],
		.page_fault = (int64_t)of[TB_PAGE_FAULT],
		.other = (int64_t)of[TB_OTHER],
	};
}

static void merge_budget(const struct counts *total, struct budget *budget)
{
	budget->wall = (int64_t)total->wall_ns;
	budget->on_cpu = (int64_t)total->on_cpu_ns;
	budget->run_queue = (int64_t)total->run_queue_ns;
	budget->blocked = by_reason(total->blocked_ns);
	budget->unaccounted = counts_unaccounted_ns(total);
}

static int longest_futex_first(const void *a, const void *b)
{
	uint64_t left = ((const struct futex_sum *)a)->wait_ns;
	uint64_t right = ((const struct futex_sum *)b)->wait_ns;

	return (left < right) - (left > right);
}

static int merge_futexes(const struct traced *traced, const struct counts *total,
			 struct futex_waits *futex)
{
	const struct waits *waits = &traced->waits;
	int err = 0;

	futex->slept = (int64_t)total->slept[TB_FUTEX];
	futex->wait_ns = (int64_t)total->blocked_ns[TB_FUTEX];
	futex->locks = calloc(waits->n_futexes + 1, sizeof(*futex->locks));
	if (!futex->locks)
		return -ENOMEM;
	if (waits->n_futexes)
		qsort(waits->futexes, waits->n_futexes, sizeof(*waits->futexes),
		      longest_futex_first);
	for (size_t i = 0; i < waits->n_futexes && !err; i++) {
		const struct futex_sum *sum = &waits->futexes[i];
		struct lock_wait *lock = &futex->locks[futex->n_locks++];

		lock->slept = (int64_t)sum->slept;
		lock->wait_ns = (int64_t)sum->wait_ns;
		lock->max_ns = (int64_t)sum->max_ns;
		lock->no_owner = NO_INT;
		err = merge_text(&lock->name, sum->name);
	}
	return err;
}

static int longest_contention_first(const void *a, const void *b)
{
	uint64_t left = ((const struct kernel_lock_sum *)a)->wait_ns;
	uint64_t right = ((const struct kernel_lock_sum *)b)->wait_ns;

	return (left < right) - (left > right);
}

static int merge_contention(const struct traced *traced, struct sleeps *sleeps)
{
	const struct waits *waits = &traced->waits;
	int err = 0;

	sleeps->contention = calloc(waits->n_kernel_locks + 1, sizeof(*sleeps->contention));
	if (!sleeps->contention)
		return -ENOMEM;
	if (waits->n_kernel_locks)
		qsort(waits->kernel_locks, waits->n_kernel_locks, sizeof(*waits->kernel_locks),
		      longest_contention_first);
	for (size_t i = 0; i < waits->n_kernel_locks && !err; i++) {
		const struct kernel_lock_sum *sum = &waits->kernel_locks[i];
		struct contention *contention = &sleeps->contention[sleeps->n_contention++];

		contention->locks = (int64_t)sum->addresses;
		contention->count = (int64_t)sum->count;
		contention->wait_ns = (int64_t)sum->wait_ns;
		contention->max_ns = (int64_t)sum->max_ns;
		contention->not_acquired = (int64_t)sum->not_acquired;
		err = merge_text(&contention->lock, sum->name);
		if (!err)
			err = merge_text(&contention->type, lock_types[sum->type]);
	}
	return err;
}

static int most_first(const void *a, const void *b)
{
	const struct preemptor_sum *left = a;
	const struct preemptor_sum *right = b;

	return left->count < right->count ? 1 : left->count > right->count ? -1 : 0;
}

static int merge_preemptors(const struct traced *traced, struct sleeps *sleeps)
{
	size_t n = traced->n_preemptors < PREEMPTED_BY_MAX ? traced->n_preemptors :
							     PREEMPTED_BY_MAX;

	sleeps->preempted_by = calloc(n + 1, sizeof(*sleeps->preempted_by));
	if (!sleeps->preempted_by)
		return -ENOMEM;
	if (traced->n_preemptors)
		qsort(traced->preemptors, traced->n_preemptors, sizeof(*traced->preemptors),
		      most_first);
	for (size_t i = 0; i < n; i++) {
		const struct preemptor_sum *sum = &traced->preemptors[i];
		struct preemptor *preemptor = &sleeps->preempted_by[sleeps->n_preempted_by++];

		preemptor->pid = sum->pid;
		preemptor->count = (int64_t)sum->count;
		preemptor->comm = foreign_text(sum->comm, TB_COMM);
		if (!preemptor->comm)
			return -ENOMEM;
	}
	return 0;
}

static void merge_preemptions(const struct traced *traced, const struct counts *total,
			      struct preemptions *preemptions)
{
	uint64_t neighbours = total->preempted_by_others;

	for (size_t i = 0; i < traced->n_preemptors; i++)
		neighbours += traced->preemptors[i].count;
	preemptions->neighbours = (int64_t)neighbours;
	preemptions->unnamed = (int64_t)total->preempted_by_others;
	preemptions->race = (int64_t)total->preempted_by_race;
	preemptions->idle = (int64_t)total->preempted_by_idle;
}

static int merge_task(const struct traced *traced, unsigned int index, unsigned int workers,
		      struct task_view *view)
{
	const struct counts *counts = &traced->tasks[index];
	int err;

	view->worker = index;
	view->tid = traced->tids[index];
	view->ops = (int64_t)counts->ops;
	view->switches.voluntary = (int64_t)counts->voluntary;
	view->switches.involuntary = (int64_t)counts->involuntary;
	view->on_cpu_ns = (int64_t)counts->on_cpu_ns;
	view->run_queue_ns = (int64_t)counts->run_queue_ns;
	view->blocked_ns = (int64_t)counts_blocked_ns(counts);
	err = histogram_distribution(&counts->run_queue, &view->run_queue_delay_ns);
	if (!err)
		err = histogram_distribution(&counts->off_cpu, &view->off_cpu_ns);
	if (!err)
		err = merge_text(&view->role, index < workers ? "worker" : "owner");
	return err;
}

int merge_task_views(const struct traced *traced, unsigned int workers, struct task_view **views,
		     size_t *n)
{
	int err = 0;

	*views = calloc(traced->n_tasks + 1, sizeof(**views));
	if (!*views)
		return -ENOMEM;
	for (unsigned int i = 0; i < traced->n_tasks && !err; i++)
		err = merge_task(traced, i, workers, &(*views)[(*n)++]);
	return err;
}

static int merge_threads(const struct probe_threads *threads, struct sleeps *sleeps)
{
	if (!threads->tasks)
		return 0;
	sleeps->kernel_threads = calloc(1, sizeof(*sleeps->kernel_threads));
	if (!sleeps->kernel_threads)
		return -ENOMEM;
	*sleeps->kernel_threads = (struct kernel_threads){
		.tasks = (int64_t)threads->tasks,
		.on_cpu_ns = (int64_t)threads->on_cpu_ns,
		.switches = { (int64_t)threads->voluntary, (int64_t)threads->involuntary },
	};
	return 0;
}

void merge_losses(const struct traced *traced, const struct counts *total, struct losses *losses)
{
	uint64_t sum[TB_LOSSES];

	for (int i = 0; i < TB_LOSSES; i++)
		sum[i] = traced->lost[i] + total->lost[i];
	losses->slots = (int64_t)(sum[TB_LOST_SLOTS] + sum[TB_LOST_STORAGE]);
	losses->locks = (int64_t)sum[TB_LOST_LOCKS];
	losses->calls = (int64_t)sum[TB_LOST_CALLS];
	losses->wakers = (int64_t)sum[TB_LOST_EDGES];
	losses->others = (int64_t)sum[TB_LOST_OTHERS];
	losses->maps = losses->locks + losses->calls + losses->wakers + losses->others;
	losses->nested = (int64_t)sum[TB_LOST_NESTED];
	losses->order = (int64_t)sum[TB_LOST_ORDER];
}

static void merge_totals(const struct traced *traced, const struct counts *total,
			 struct sleeps *sleeps)
{
	sleeps->repeats = (int64_t)traced->ns_per_op.n;
	sleeps->ops = (int64_t)total->ops;
	sleeps->switches.voluntary = (int64_t)total->voluntary;
	sleeps->switches.involuntary = (int64_t)total->involuntary;
	sleeps->wakeups = (int64_t)total->wakeups;
	sleeps->migrations = (int64_t)total->migrations;
	sleeps->recovered = (int64_t)total->recovered;
	merge_budget(total, &sleeps->budget);
	sleeps->blocked_count = by_reason(total->slept);
	merge_losses(traced, total, &sleeps->lost);
	merge_preemptions(traced, total, &sleeps->preemptions);
}

int merge_sleeps(const struct merge_input *input, const struct record *record,
		 struct sleeps *sleeps)
{
	const struct traced *traced = &record->sleeps;
	struct counts total;
	int err;

	traced_sum(traced, &total);
	merge_totals(traced, &total, sleeps);
	err = histogram_distribution(&total.run_queue, &sleeps->run_queue_ns);
	if (!err)
		err = histogram_distribution(&total.off_cpu, &sleeps->off_cpu_ns);
	if (!err)
		err = merge_futexes(traced, &total, &sleeps->futex);
	if (!err)
		err = merge_contention(traced, sleeps);
	if (!err)
		err = merge_others(&traced->others, sleeps);
	if (!err)
		err = merge_preemptors(traced, sleeps);
	if (!err)
		err = merge_wakers(input, record, sleeps);
	if (!err)
		err = merge_task_views(traced, record->entry->workers, &sleeps->per_worker,
				       &sleeps->n_per_worker);
	if (!err)
		err = merge_threads(&traced->threads, sleeps);
	if (!err)
		err = reconcile(LEVEL_SLEEPS, input->ways, traced, &total, &sleeps->reconciled);
	if (!err)
		err = merge_slowdown(input, record, traced, &sleeps->slowdown);
	return err;
}
