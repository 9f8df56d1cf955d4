/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system calls that the probe saw, over all tasks of all races traced at the calls level. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "session/merge.h"

/* What a way into a futex is for. TRYLOCK_PI and UNLOCK_PI neither wait nor tell whom they woke. */
enum futex_kind { WAITS, WAKES, REQUEUES, NEITHER };

static const struct {
	const char *name;
	enum futex_kind kind;
} ways[TB_FUTEX_WAYS] = {
	/* By the operations' numbers in linux/futex.h. */
	{ "FUTEX_WAIT", WAITS },
	{ "FUTEX_WAKE", WAKES },
	{ "FUTEX_FD", NEITHER },
	{ "FUTEX_REQUEUE", REQUEUES },
	{ "FUTEX_CMP_REQUEUE", REQUEUES },
	{ "FUTEX_WAKE_OP", WAKES },
	{ "FUTEX_LOCK_PI", WAITS },
	{ "FUTEX_UNLOCK_PI", NEITHER },
	{ "FUTEX_TRYLOCK_PI", NEITHER },
	{ "FUTEX_WAIT_BITSET", WAITS },
	{ "FUTEX_WAKE_BITSET", WAKES },
	{ "FUTEX_WAIT_REQUEUE_PI", WAITS },
	{ "FUTEX_CMP_REQUEUE_PI", REQUEUES },
	{ "FUTEX_LOCK_PI2", WAITS },
	[TB_FUTEX_UNKNOWN_OP] = { "futex, unknown operation", NEITHER },
	[TB_FUTEX_WAITV] = { "futex_waitv", WAITS },
	[TB_FUTEX2_WAKE] = { "futex_wake", WAKES },
	[TB_FUTEX2_WAIT] = { "futex_wait", WAITS },
	[TB_FUTEX2_REQUEUE] = { "futex_requeue", REQUEUES },
	[TB_URING_FUTEX_WAIT] = { "io_uring FUTEX_WAIT", WAITS },
	[TB_URING_FUTEX_WAKE] = { "io_uring FUTEX_WAKE", WAKES },
	[TB_URING_FUTEX_WAITV] = { "io_uring FUTEX_WAITV", WAITS },
};

static void add_to_sums(struct futex_calls *sums, enum futex_kind kind,
			const struct tb_futex_calls *calls)
{
	switch (kind) {
	case WAITS:
		sums->waits += (int64_t)calls->calls;
		sums->slept += (int64_t)calls->slept;
		sums->eagain += (int64_t)calls->eagain;
		sums->timedout += (int64_t)calls->timedout;
		sums->interrupted += (int64_t)calls->interrupted;
		break;
	case WAKES:
		sums->wakes += (int64_t)calls->calls;
		sums->woken += (int64_t)calls->sum;
		sums->woke_nobody += (int64_t)calls->zero;
		break;
	case REQUEUES:
		sums->requeues += (int64_t)calls->calls;
		break;
	case NEITHER:
		break;
	}
}

static int merge_way(struct futex_way *way, int index, const struct tb_futex_calls *calls)
{
	bool moves = ways[index].kind == WAKES || ways[index].kind == REQUEUES;

	way->calls = (int64_t)calls->calls;
	way->slept = (int64_t)calls->slept;
	way->eagain = (int64_t)calls->eagain;
	way->timedout = (int64_t)calls->timedout;
	way->interrupted = (int64_t)calls->interrupted;
	way->failed = (int64_t)calls->failed;
	way->tasks = moves ? (int64_t)calls->sum : NO_INT;
	way->nobody = moves ? (int64_t)calls->zero : NO_INT;
	return merge_text(&way->name, ways[index].name);
}

static int most_calls_first(const void *a, const void *b)
{
	int64_t left = ((const struct futex_way *)a)->calls;
	int64_t right = ((const struct futex_way *)b)->calls;

	return (left < right) - (left > right);
}

static int merge_futex(const struct call_totals *totals, struct futex_calls *futex)
{
	int err = 0;

	*futex = (struct futex_calls){ 0 };
	futex->ways = calloc(TB_FUTEX_WAYS, sizeof(*futex->ways));
	if (!futex->ways)
		return -ENOMEM;
	for (int i = 0; i < TB_FUTEX_WAYS && !err; i++) {
		const struct tb_futex_calls *calls = &totals->futex[i];

		if (!calls->calls)
			continue;
		add_to_sums(futex, ways[i].kind, calls);
		err = merge_way(&futex->ways[futex->n_ways++], i, calls);
	}
	qsort(futex->ways, futex->n_ways, sizeof(*futex->ways), most_calls_first);
	return err;
}

static int longest_time_first(const void *a, const void *b)
{
	int64_t left = ((const struct syscall_sum *)a)->time_ns;
	int64_t right = ((const struct syscall_sum *)b)->time_ns;

	return (left < right) - (left > right);
}

static int merge_syscalls(const struct call_totals *totals, struct calls *calls)
{
	calls->syscalls = calloc(TB_SYSCALL_NUMBERS, sizeof(*calls->syscalls));
	if (!calls->syscalls)
		return -ENOMEM;
	for (uint64_t number = 0; number < TB_SYSCALL_NUMBERS; number++) {
		const struct tb_syscall *from = &totals->syscalls[number];
		struct syscall_sum *sum = &calls->syscalls[calls->n_syscalls];

		if (!from->count)
			continue;
		calls->n_syscalls++;
		sum->count = (int64_t)from->count;
		sum->errors = (int64_t)from->errors;
		sum->time_ns = (int64_t)from->time_ns;
		sum->name = syscall_name(number);
		if (!sum->name)
			return -ENOMEM;
	}
	qsort(calls->syscalls, calls->n_syscalls, sizeof(*calls->syscalls), longest_time_first);
	return 0;
}

/* What crossing costs is known to a few percent; who does little else has no more than there is. */
static void split_cpu_time(const struct call_totals *totals, int64_t on_cpu_ns,
			   struct cpu_split *split)
{
	int64_t outside = on_cpu_ns - (int64_t)totals->system_ns;
	int64_t crossing = llround(totals->crossing_ns);

	split->system = (int64_t)totals->system_ns;
	split->crossing = crossing < outside ? crossing : outside;
	split->user = outside - split->crossing;
}

int merge_calls(const struct merge_input *input, const struct record *record, struct calls *calls)
{
	const struct traced *traced = &record->calls;
	struct counts total;
	int err;

	traced_sum(traced, &total);
	calls->repeats = (int64_t)traced->ns_per_op.n;
	calls->ops = (int64_t)total.ops;
	split_cpu_time(&traced->calls, (int64_t)total.on_cpu_ns, &calls->on_cpu_ns);
	calls->recovered = (int64_t)total.recovered;
	merge_losses(traced, &total, &calls->lost);
	err = merge_futex(&traced->calls, &calls->futex);
	if (!err)
		err = merge_syscalls(&traced->calls, calls);
	if (!err)
		err = reconcile(LEVEL_CALLS, input->ways, traced, &total, &calls->reconciled);
	if (!err)
		err = merge_slowdown(input, record, traced, &calls->slowdown);
	return err;
}
