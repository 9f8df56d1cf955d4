/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tasks that wait for a message or for their turn sleep in what the strategy is named after. */
#include "lib/traced_main.h"
#include "strategy/registry.h"

static const struct {
	const char *strategy;
	enum tb_reason reason;
} sleeps[] = {
	{ "pipe-duplex", TB_SOCKET },
	{ "socketpair", TB_SOCKET }, /* whose owner sleeps in poll(2) */
	{ "socketpair-seqpacket", TB_SOCKET },
	{ "unix-dgram", TB_SOCKET },
	{ "mqueue", TB_MQUEUE },
	{ "sysv-msg", TB_SYSV },
	{ "shm-ring", TB_FUTEX },
	{ "uring-msg", TB_IO_URING },
	{ "uring-pipe", TB_IO_URING },
	{ "turn-futex", TB_FUTEX },
	{ "turn-futex2", TB_FUTEX },
	{ "turn-pipe", TB_PIPE },
	{ "turn-eventfd", TB_EVENTFD },
	{ "turn-cond", TB_FUTEX },
	{ "turn-sem", TB_FUTEX },
	{ "turn-signal", TB_OTHER },
	{ "turn-uring-futex", TB_IO_URING },
	{ "turn-uring-msg", TB_IO_URING },
};

/* A task may sleep for the kernel's own sake besides: for its locks, or for a page. */
static uint64_t slept_for(const struct counts *counts, enum tb_reason reason)
{
	return counts->blocked_ns[reason] + counts->blocked_ns[TB_KERNEL_LOCK] +
	       counts->blocked_ns[TB_PAGE_FAULT];
}

static void show(const struct counts *counts)
{
	for (unsigned int reason = 0; reason < TB_REASONS; reason++)
		if (counts->blocked_ns[reason])
			printf("# reason %u: %" PRIu64 " ns\n", reason, counts->blocked_ns[reason]);
}

static void check_one(struct probe *probe, enum mode mode, const char *name, enum tb_reason reason)
{
	const struct strategy *strategy = strategy_find(name);
	struct race_spec spec = traced_spec(strategy, mode, false);
	const char *why = strategy->unsupported ? strategy->unsupported() : NULL;
	struct race_outcome outcome;
	struct counts total;

	if (why) {
		tap_skip("%s: %s", name, why);
		return;
	}
	/* So seldom that the owner goes to sleep in between. */
	if (strategy_has_owner(strategy))
		spec.load.batch = 20000;
	traced_run(probe, &spec, &outcome);
	total = traced_total(&outcome);
	/* Whether an owner runs out of messages is a matter of how fast each of them is. */
	if (strategy_has_owner(strategy))
		tap_time(total.voluntary > 0, "%s, %s: tasks slept", name, mode_name(mode));
	else
		tap_ok(total.voluntary > 0, "%s, %s: tasks slept", name, mode_name(mode));
	if (!tap_ok(traced_switches_agree(&outcome), "%s, %s: as often as getrusage says", name,
		    mode_name(mode)))
		tap_note("voluntary %" PRIu64 " and %" PRIu64 ", involuntary %" PRIu64
			 " and %" PRIu64,
			 total.voluntary, total.rusage_voluntary, total.involuntary,
			 total.rusage_involuntary);
	if (!tap_equal(counts_blocked_ns(&total), slept_for(&total, reason),
		       "%s, %s: and for nothing else", name, mode_name(mode)))
		show(&total);
	race_outcome_free(&outcome);
}

static void check(struct probe *probe, enum mode mode)
{
	for (size_t i = 0; i < sizeof(sleeps) / sizeof(sleeps[0]); i++)
		check_one(probe, mode, sleeps[i].strategy, sleeps[i].reason);
}

int main(void)
{
	return traced_main(check);
}
