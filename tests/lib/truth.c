/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/truth.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "race/window.h"
#include "strategy/registry.h"

#define POLL_NS 200000
#define ROLES 3

/* Inherited by the arena and its tasks. */
static const struct truth_case *raced;
static const struct tb_slot *slots;
static unsigned int n_slots;
static int gate; /* an eventfd, of each race */

int truth_result(long got, long want)
{
	if (got == want)
		return 0;
	return got < 0 ? -errno : -EPROTO;
}

static void pause_for(uint64_t ns)
{
	const struct timespec length = clock_timespec(ns);

	clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
}

static void await(const uint32_t *rounds, uint32_t round)
{
	while (__atomic_load_n(rounds, __ATOMIC_ACQUIRE) < round)
		pause_for(POLL_NS);
}

static void publish(uint32_t *rounds, uint32_t round)
{
	__atomic_store_n(rounds, round, __ATOMIC_RELEASE);
}

/* By the state that the kernel shows: interruptible or not, or stopped. */
static int await_asleep(pid_t task)
{
	char path[64], line[512], *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", task);
	for (;;) {
		file = fopen(path, "r");
		if (!file)
			return -errno;
		state = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
		fclose(file);
		if (!state)
			return -EIO;
		if (strchr("SDT", state[2]))
			return 0;
		pause_for(POLL_NS);
	}
}

/*
 * CPU time is taken off because a virtual machine's CPU may stand still: where its host does not say
 * so, that is time on the CPU by all clocks, and here came 3 ms at a time, right after a wake-up.
 */
static struct truth_round round_of(const struct snapshot *from, const struct snapshot *to)
{
	const struct tb_slot *a = &from->slot, *b = &to->slot;
	enum tb_reason reason = raced->reason;

	return (struct truth_round){
		.own_ns = to->clock_ns - from->clock_ns - (to->cpu_ns - from->cpu_ns) -
			  (b->run_queue_ns - a->run_queue_ns),
		.blocked_ns = b->blocked_ns[reason] - a->blocked_ns[reason],
		.slept = b->slept[reason] - a->slept[reason],
	};
}

/* Does nothing else that could put it to sleep: until it is its turn again, it stays on the CPU. */
static int sleep_in_turn(struct truth *truth, unsigned int round)
{
	const struct tb_slot *slot = window_slot(slots, n_slots, gettid());
	struct snapshot before, after;
	int err;

	if (!slot)
		return -ESRCH;
	while (raced->wake && __atomic_load_n(&truth->goes, __ATOMIC_ACQUIRE) <= round)
		race_pause();
	publish(&truth->sleeps, round + 1);
	window_open(&before, slot);
	err = raced->sleep(truth, round);
	window_close(&after, slot);
	truth->rounds[round] = round_of(&before, &after);
	publish(&truth->slept, round + 1);
	return err;
}

static int wake_in_turn(struct truth *truth, unsigned int round)
{
	int err = 0;

	if (raced->hold) {
		await(&truth->holds, round + 1);
		err = await_asleep(truth->holder);
	}
	if (!err && raced->ready)
		err = raced->ready(truth, round);
	publish(&truth->goes, round + 1);
	await(&truth->sleeps, round + 1);
	if (!err)
		err = await_asleep(truth->sleeper);
	pause_for(TRUTH_SLEEP_NS);
	if (!err)
		err = raced->wake(truth, round);
	await(&truth->slept, round + 1);
	return err;
}

static int hold_in_turn(struct truth *truth, unsigned int round)
{
	await(&truth->slept, round);
	publish(&truth->holds, round + 1);
	return raced->hold(truth, round);
}

/*
 * The sleeper comes first to the page that all share. Two that touch it at once contend for the page's
 * lock, and now and then it was the sleeper that slept for it, once more than it was to.
 */
static int come_in_turn(struct truth *truth, unsigned int index)
{
	uint64_t token = ROLES - 1;

	if (index)
		return truth_result(read(gate, &token, sizeof(token)), sizeof(token));
	truth->sleeper = gettid();
	truth->process = getpid();
	return truth_result(write(gate, &token, sizeof(token)), sizeof(token));
}

static int work(struct worker *worker)
{
	int (*const parts[ROLES])(struct truth *, unsigned int) = { sleep_in_turn, wake_in_turn,
								    hold_in_turn };
	struct truth *truth = worker->race->object;
	int err = come_in_turn(truth, worker->index);

	if (worker->index == 2)
		truth->holder = gettid();
	for (unsigned int round = 0; round < TRUTH_SLEEPS && !err; round++)
		err = parts[worker->index](truth, round);
	worker->done = TRUTH_SLEEPS;
	return err;
}

static size_t object_size(const struct race *race)
{
	(void)race;
	return sizeof(struct truth);
}

static int setup(struct race *race)
{
	/* Not a pipe, whose mutex the sleeper could have to wait for. */
	gate = eventfd(0, EFD_SEMAPHORE | EFD_CLOEXEC);
	if (gate < 0)
		return -errno;
	return raced->prepare ? raced->prepare(race->object) : 0;
}

static const struct strategy strategy = {
	.name = "truth",
	.modes = IN_BOTH,
	.object_size = object_size,
	.setup = setup,
	.work = work,
};

void truth_race(struct probe *probe, const struct truth_case *one, enum mode mode,
		struct truth *truth, struct race_outcome *outcome)
{
	struct race_spec spec = traced_spec(&strategy, mode, false);

	raced = one;
	slots = probe_slots(probe, &n_slots);
	spec.object = truth;
	spec.keep_root = one->as_root;
	spec.workers = one->hold ? 3 : one->wake ? 2 : 1;
	spec.duration_ns = 0;
	spec.iterations = TRUTH_SLEEPS;
	traced_run(probe, &spec, outcome);
}
