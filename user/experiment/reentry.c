/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/reentry.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "session/traced_race.h"

/* For a thread to get as far as the second lock, and to be given a CPU there. */
#define PATIENCE_NS (10 * NS_PER_S)
/* Who has not even used that much CPU time was not given a CPU, and does not spin. */
#define SPINNING_NS NS_PER_MS
/* Below an address in the frame of the caller, words of the C library's frames. */
#define STACK_BELOW 65536

/* What the thread and the parent share. The parent follows no pointer in it. */
struct attempt {
	const struct lock_kind *kind;
	const struct tb_slot *slots; /* mapped; NULL: not traced */
	unsigned int n_slots;

	pid_t tid;
	uintptr_t stack; /* an address in the thread's frame */
	struct snapshot before, after; /* the second lock */
	uint32_t at_it; /* release: all above but `after` is there */
	uint32_t returned; /* release: and `after`, and the result */
	int result;

	char lock[LOCK_KIND_BYTES] __attribute__((aligned(RACE_PADDING)));
};

/* The parent's side. */
struct watchdog {
	const struct reentry_options *options;
	struct attempt *attempt;
	struct reentry_finding *finding;
	const struct tb_slot *slots;
	unsigned int n_slots;
	uint64_t started_ns;
	bool looked;
};

/* ---- In the process that is tried ---- */

static int set_up(struct race *race)
{
	struct attempt *attempt = race->object;

	return attempt->kind->init ? attempt->kind->init(attempt->lock) : 0;
}

static int take_again(struct attempt *attempt)
{
	const struct lock_kind *kind = attempt->kind;
	const struct tb_slot *slot = window_slot(attempt->slots, attempt->n_slots, attempt->tid);

	window_open(&attempt->before, slot);
	__atomic_store_n(&attempt->at_it, 1, __ATOMIC_RELEASE);
	attempt->result = kind->again ? kind->again(attempt->lock) : kind->take(attempt->lock);
	window_close(&attempt->after, slot);
	__atomic_store_n(&attempt->returned, 1, __ATOMIC_RELEASE);
	return attempt->result ? 0 : kind->release(attempt->lock);
}

static int take_twice(struct worker *worker)
{
	struct attempt *attempt = worker->race->object;
	const struct lock_kind *kind = attempt->kind;
	int err;

	attempt->tid = gettid();
	attempt->stack = (uintptr_t)__builtin_frame_address(0);
	err = kind->take(attempt->lock);
	if (!err)
		err = take_again(attempt);
	return err ? err : kind->release(attempt->lock);
}

static const struct strategy strategy = {
	.name = "reentry",
	.modes = IN_THREADS,
	.setup = set_up,
	.work = take_twice,
};

/* ---- Looking at a thread that is not back ---- */

/* Whether nothing that a switch or a wake-up writes differs. */
static bool is_unchanged(const struct tb_slot *copy, const volatile struct tb_slot *slot)
{
	return copy->since_ns == slot->since_ns && copy->state == slot->state &&
	       copy->on_cpu_ns == slot->on_cpu_ns && copy->run_queue_ns == slot->run_queue_ns &&
	       tb_slot_switches(copy) == tb_slot_switches(slot);
}

/* What is read after it is read later. The thread sanitizer knows no fences, nor what the probe does. */
static void order_loads(void)
{
#ifdef __SANITIZE_THREAD__
	__asm__ volatile("" ::: "memory");
#else
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
#endif
}

/*
 * The slot of another task, which the probe may be writing to. That takes less time than copying it:
 * what was being written shows when both are compared.
 */
static void copy_slot(struct tb_slot *copy, const struct tb_slot *slot)
{
	do {
		*copy = *slot;
		order_loads();
	} while (!is_unchanged(copy, slot));
}

/* Adds the stretch that the task is in, as if it ended now. */
static void close_stretch(struct tb_slot *slot, uint64_t now)
{
	uint64_t lasted_ns = now - slot->since_ns;

	if (slot->state == TB_BLOCKED && slot->reason < TB_REASONS)
		slot->blocked_ns[slot->reason] += lasted_ns;
	else if (slot->state == TB_RUNNABLE)
		slot->run_queue_ns += lasted_ns;
	else
		slot->on_cpu_ns += lasted_ns;
	slot->since_ns = now;
}

static void count_futexes(struct reentry_finding *finding, const struct tb_slot *from,
			  const struct tb_slot *to)
{
	finding->futex_sleeps += to->slept[TB_FUTEX] - from->slept[TB_FUTEX];
	for (int way = 0; way < TB_FUTEX_WAYS; way++) {
		const struct tb_futex_calls *before = &from->calls.futex[way];
		const struct tb_futex_calls *after = &to->calls.futex[way];

		finding->futex_calls += after->calls - before->calls;
		finding->futex_failed += after->failed - before->failed;
	}
	if (finding->where.kind == WHERE_FUTEX) {
		finding->futex_calls++;
		finding->futex_sleeps++;
	}
}

static void count(struct reentry_finding *finding, const struct snapshot *before,
		  const struct snapshot *after)
{
	struct task_report report = { .has_slot = true, .start = *before, .end = *after };

	finding->counted = true;
	counts_of_window(&finding->counts, &report);
	finding->futex_calls = finding->futex_failed = finding->futex_sleeps = 0;
	count_futexes(finding, &before->slot, &after->slot);
}

static bool lies_between(const struct tb_slot *slot, const struct proc_counts *from,
			 const struct proc_counts *to)
{
	return from->voluntary <= slot->voluntary && slot->voluntary <= to->voluntary &&
	       from->involuntary <= slot->involuntary && slot->involuntary <= to->involuntary;
}

/* The slot as it is now, between two counts of the same switches by /proc: alike for a sleeper. */
static void look_at_slot(struct reentry_finding *finding, const struct attempt *attempt,
			 const struct tb_slot *slot, pid_t process)
{
	struct snapshot now = { 0 };
	struct proc_counts from, to;
	int err = whereabouts_switches(process, attempt->tid, &from);

	copy_slot(&now.slot, slot);
	now.clock_ns = clock_now_ns();
	if (!err)
		err = whereabouts_switches(process, attempt->tid, &to);
	finding->reconciled = !err && lies_between(&now.slot, &from, &to);
	finding->where = whereabouts_by_slot(&now.slot);
	finding->by_slot = finding->where.kind != WHERE_UNKNOWN;
	close_stretch(&now.slot, now.clock_ns);
	count(finding, &attempt->before, &now);
	finding->cpu_ns = finding->counts.on_cpu_ns;
}

static bool same_place(const struct whereabouts *a, const struct whereabouts *b)
{
	return a->kind == b->kind && a->futex == b->futex;
}

static void look_at_proc(struct reentry_finding *finding, const struct attempt *attempt,
			 pid_t process)
{
	struct whereabouts where;
	uint64_t cpu_ns;

	finding->proc_error = whereabouts_by_proc(process, attempt->tid, &where);
	finding->by_proc = !finding->proc_error;
	if (finding->by_proc && finding->by_slot)
		finding->sources_differ = !same_place(&finding->where, &where);
	else if (finding->by_proc)
		finding->where = where;
	/* As of the last tick, which may have been before the lock. */
	if (!finding->counted && !whereabouts_cpu_ns(process, attempt->tid, &cpu_ns) &&
	    cpu_ns > attempt->before.cpu_ns)
		finding->cpu_ns = cpu_ns - attempt->before.cpu_ns;
}

static void place_futex(struct reentry_finding *finding, const struct attempt *attempt)
{
	uint64_t futex = finding->where.futex;

	finding->place = PLACE_ELSEWHERE;
	finding->offset = futex - (uintptr_t)attempt->lock;
	if (finding->offset < finding->kind->bytes)
		finding->place = PLACE_LOCK;
	else if (attempt->stack - futex < STACK_BELOW)
		finding->place = PLACE_STACK;
}

static void look(struct watchdog *watchdog, pid_t process)
{
	struct reentry_finding *finding = watchdog->finding;
	const struct attempt *attempt = watchdog->attempt;
	const struct tb_slot *slot = window_slot(watchdog->slots, watchdog->n_slots, attempt->tid);

	finding->tid = attempt->tid;
	finding->waited_ns = clock_now_ns() - attempt->before.clock_ns;
	if (slot)
		look_at_slot(finding, attempt, slot, process);
	look_at_proc(finding, attempt, process);
	place_futex(finding, attempt);
	finding->has_owner = finding->kind->owner != NULL;
	if (finding->has_owner)
		finding->owner = finding->kind->owner(attempt->lock);
}

/* The timeout counts from the second lock, however long it took to get there. */
static uint64_t at_deadline(void *context, pid_t process)
{
	struct watchdog *watchdog = context;
	const struct attempt *attempt = watchdog->attempt;
	uint64_t timeout_ns = watchdog->options->timeout_ns;
	uint64_t now = clock_now_ns();
	bool patient = now - watchdog->started_ns < timeout_ns + PATIENCE_NS;
	uint64_t spent_ns;

	if (!__atomic_load_n(&attempt->at_it, __ATOMIC_ACQUIRE) ||
	    __atomic_load_n(&attempt->returned, __ATOMIC_ACQUIRE))
		return patient ? timeout_ns : 0;
	spent_ns = now - attempt->before.clock_ns;
	if (spent_ns < timeout_ns)
		return timeout_ns - spent_ns;
	look(watchdog, process);
	if (watchdog->finding->where.kind == WHERE_RUNNING &&
	    watchdog->finding->cpu_ns < SPINNING_NS && patient)
		return timeout_ns;
	watchdog->looked = true;
	return 0;
}

/* ---- Concluding ---- */

static enum reentry_outcome outcome_of_hanging(const struct reentry_finding *finding)
{
	if (finding->where.kind == WHERE_RUNNING)
		return REENTRY_SPINS;
	if (finding->where.kind == WHERE_FUTEX && finding->place == PLACE_LOCK &&
	    finding->has_owner && finding->owner == finding->tid)
		return REENTRY_SELF_DEADLOCK;
	return REENTRY_HANGS;
}

static void conclude_returned(struct watchdog *watchdog)
{
	struct reentry_finding *finding = watchdog->finding;
	const struct attempt *attempt = watchdog->attempt;

	finding->outcome = attempt->result ? REENTRY_REFUSED : REENTRY_TAKEN;
	finding->error = -attempt->result;
	finding->tid = attempt->tid;
	finding->waited_ns = attempt->after.clock_ns - attempt->before.clock_ns;
	if (!window_slot(watchdog->slots, watchdog->n_slots, attempt->tid))
		return;
	count(finding, &attempt->before, &attempt->after);
	finding->reconciled = finding->counts.voluntary == finding->counts.rusage_voluntary &&
			      finding->counts.involuntary == finding->counts.rusage_involuntary;
}

static void conclude(struct watchdog *watchdog, const struct race_outcome *outcome)
{
	struct reentry_finding *finding = watchdog->finding;

	if (outcome->status == RACE_OK) {
		conclude_returned(watchdog);
	} else if (outcome->status == RACE_TIMED_OUT && watchdog->looked) {
		finding->outcome = outcome_of_hanging(finding);
	} else {
		finding->outcome = REENTRY_FAILED;
		memcpy(finding->reason, outcome->reason, sizeof(finding->reason));
	}
}

static void run(struct watchdog *watchdog, struct race_outcome *outcome)
{
	static const int unpinned[] = { -1 };
	const struct reentry_options *options = watchdog->options;
	struct race_spec spec = {
		.strategy = &strategy,
		.mode = MODE_THREADS,
		.workers = 1,
		.iterations = 1,
		.load.batch = 1,
		.deadline_ns = options->timeout_ns,
		.cpus = unpinned,
		.keep_root = options->keep_root,
		.shows_tasks = true,
		.object = watchdog->attempt,
		.at_deadline = at_deadline,
		.deadline_context = watchdog,
		.interrupt_fd = options->interrupt_fd,
	};

	watchdog->started_ns = clock_now_ns();
	watchdog->finding->calls_counted = options->probe && probe_sees_calls(options->probe);
	if (options->probe)
		race_run_traced(options->probe,
				watchdog->finding->calls_counted ? LEVEL_CALLS : LEVEL_SLEEPS,
				&spec, outcome);
	else
		race_run(&spec, outcome);
}

int reentry_try(const struct reentry_options *options, const struct lock_kind *kind,
		struct reentry_finding *finding)
{
	struct attempt *attempt = mmap(NULL, sizeof(*attempt), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct watchdog watchdog = { options, attempt, finding, NULL, 0, 0, false };
	struct race_outcome outcome;

	*finding = (struct reentry_finding){ .kind = kind };
	if (attempt == MAP_FAILED)
		return -ENOMEM;
	attempt->kind = kind;
	if (options->probe)
		watchdog.slots = probe_slots(options->probe, &watchdog.n_slots);
	attempt->slots = watchdog.slots;
	attempt->n_slots = watchdog.n_slots;
	run(&watchdog, &outcome);
	conclude(&watchdog, &outcome);
	race_outcome_free(&outcome);
	munmap(attempt, sizeof(*attempt));
	return outcome.status == RACE_INTERRUPTED ? -EINTR : 0;
}
