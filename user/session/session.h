/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session: everything one run measured, joined. It is what is saved, and all that a report sees.
 *
 * What was not measured is null: NO_INT for integers, NaN for reals, NULL for strings and
 * optional parts. Times are nanoseconds. A session owns all it points to; session_free() frees it.
 */
#ifndef SESSION_SESSION_H
#define SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/level.h"

#define NO_INT INT64_MIN
#define SESSION_SCHEMA "tracebench.session/1"

/* "batch": so many increments per critical section or message, or the whole loop. */
#define BATCH_ALL 0
/* The same among the values of a scan, where 0 is a value. */
#define VALUE_ALL (-1)
/* "message": bytes of the smallest, which is the default. */
#define MESSAGE_MIN 8
/* "preempted_by": neighbours that are named. */
#define PREEMPTED_BY_MAX 5

enum tracing_status { TRACING_ON, TRACING_OFF, TRACING_UNAVAILABLE };
enum result_status { RESULT_OK, RESULT_UNSUPPORTED, RESULT_FAILED, RESULT_TIMED_OUT };

/* A median, the 95 % bootstrap confidence interval of that median, and what both come from. */
struct estimate {
	double median;
	double ci95[2];
	double *samples; /* one per repeat, in the order they were raced; may be none */
	size_t n_samples;
};

struct tool {
	char *name;
	char *version;
	char *revision;
};

struct host {
	char *hostname;
	char *kernel;
	char *arch;
	char *cpu_model;
	int64_t cpus_online;
	char *topology; /* "2 CPUs, 2 cores, 1 package" */
	char *governor;
	bool virtualized;
	char *clocksource;
	double timer_cost_ns;
	char *preemption;
	double clock_step_ns; /* the least that two readings of the clock differ by */
	char *boost; /* "on" or "off": whether CPUs may run faster than their nominal rate */
	double cpu_quota; /* CPUs the control group grants, null: no limit */
};

/* One repeat in the order raced: results[result] at a level. */
struct turn {
	int64_t result;
	int level; /* enum level */
};

/* An option that had several values. */
struct scanned {
	char *key; /* the member of struct result that says which one a result had */
	int64_t *values; /* in the order given, in that member's unit; VALUE_ALL where that says all */
	size_t n_values;
};

/* Of a run that waited for a moment (--start-at): nanoseconds since the epoch, by its own wall clock. */
struct start_record {
	int64_t period_ns; /* the moment was the next multiple of this; null: it was named */
	int64_t due_ns; /* when the first race was meant to start */
	int64_t began_ns; /* when the wait was over */
};

/* The options as resolved; null where they were scanned, but for the worker counts. */
struct plan_record {
	char *preset; /* whose values they partly are; null: none */
	char **strategies;
	size_t n_strategies;
	char **modes;
	size_t n_modes;
	int64_t *workers;
	size_t n_workers;
	int64_t duration_ns; /* null with fixed work */
	int64_t iterations; /* per worker; null with a duration */
	int64_t batch; /* BATCH_ALL or a count */
	int64_t permits;
	int64_t read_share; /* percent of rwlock's critical sections that only read */
	int64_t message;
	int64_t critical_ns; /* work inside each section, or of the owner for each message */
	int64_t think_ns; /* work before each section or message */
	int64_t pace; /* sections or messages a second of all workers; null: as fast as they can */
	struct scanned *scan; /* every combination of these was raced, with every worker count */
	size_t n_scan;
	int64_t repeats;
	int64_t warmup;
	int64_t latency; /* repeats in which passes were timed */
	int64_t wakers; /* repeats in which wakers were looked for, where tracing works */
	int64_t stacks; /* the same of stacks */
	int64_t timeout_ns;
	char *pin;
	char *trace;
	int64_t max_locks; /* rows that there were for locks, of all tasks together */
	char *detail; /* levels traced: "sleeps", "calls" or "both" */
	char *timeline; /* capture of one more repeat each; null: none */
	int64_t ring_bytes; /* that were asked for of each CPU's ring for it; null: nothing was said */
	char *probe; /* ways that the probe was told to take, "futex=syscall,..."; null: none */
	bool keep_root;
	int64_t seed;
	struct turn *order;
	size_t n_order;
	struct start_record *start; /* null, and then left out of the file: at once */
};

/* A map of the probe's. */
struct map_memory {
	char *name;
	int64_t bytes;
};

/* A program of the probe's, in a brief race of turn-futex on one CPU, traced at a level. */
struct program_time {
	char *name; /* its section: "tp_btf/sched_switch" */
	int level; /* enum level */
	int64_t runs; /* of the whole machine in that time */
	double ns_per_run; /* null where it did not run */
};

/* What tracing takes of the machine, besides the slowdown of what is traced. */
struct tracing_cost {
	double attach_ms; /* medians over all traced races */
	double detach_ms;
	struct map_memory *maps;
	size_t n_maps;
	int64_t maps_bytes; /* of all; null: the kernel does not tell */
	struct program_time *programs; /* all that are attached at each level traced */
	size_t n_programs;
	char *reason; /* why no program was clocked; null when they were */
};

struct tracing {
	int status; /* enum tracing_status */
	char *reason; /* why not, null when on */
	struct {
		char *sched;
		char *wakeups;
		char *futex;
		char *contention;
		char *calls;
		char *uring; /* futex operations by io_uring */
		char *tasks; /* how it is known which tasks are traced */
	} how; /* the way in, by what it yields; null when not traced */
	double load_ms;
	struct tracing_cost *cost; /* null: not traced */
};

/* Over all repeats but warm-up. */
struct counter {
	bool promises_exact;
	int64_t expected; /* increments made; what only read is none */
	int64_t final;
	int64_t lost;
	int64_t *totals; /* final's parts, one per repeat at any level, in the order raced */
	size_t n_totals;
};

/* Over untraced repeats. */
struct timing {
	struct estimate ns_per_op; /* wall time per increment */
	struct estimate ops_per_s;
	struct estimate wall_ns; /* first task's start to last task's end */
	struct estimate cpu_ns_per_op; /* CPU time of all tasks per increment; samples are not kept */
	double overlap_ratio; /* median: share of wall in which all workers raced */
	double speedup; /* sequential's ns_per_op / this one's; null without sequential */
};

/* Sums over untraced repeats and all tasks. */
struct usage {
	int64_t voluntary;
	int64_t involuntary;
	int64_t minor_faults;
	int64_t major_faults;
};

/*
 * How many sections in a row were of one worker, over the repeats in which passes were timed. Null
 * where several may be in the section at once, or none is.
 */
struct run_length {
	double mean;
	int64_t longest;
};

/* Of the workers' shares of the increments: medians over untraced repeats. Null with fixed work. */
struct fairness {
	double jain;
	double min_share;
	double max_share;
	struct run_length run_length;
};

/* One task's part in the untraced repeats. */
struct worker_part {
	int64_t worker; /* index; the owner comes after the workers */
	char *role; /* "worker" or "owner" */
	int64_t ops;
	double share; /* of all ops; null for an owner */
	int64_t cpu_ns;
	struct run_length run_length;
};

struct bin {
	int64_t lo; /* inclusive */
	int64_t hi; /* exclusive; null: no bound */
	int64_t n;
};

/* Percentiles are interpolated inside a bin; max is the upper bound of the last bin in use. */
struct distribution {
	int64_t p50;
	int64_t p99;
	int64_t max;
	struct bin *bins; /* only those in use, ascending */
	size_t n_bins;
};

/*
 * How long passes took, over the repeats in which they were timed: nothing is trimmed. A percentile is
 * within 0.8 % of the duration it stands for (base/latency.h); max is exact.
 */
struct latencies {
	char *from; /* "section", "message", "turn" or "pace": from when to when (strategy/shape.h) */
	int64_t repeats;
	int64_t ops; /* in those repeats, timed or not */
	int64_t p50, p90, p99, p99_9;
	int64_t max;
	int64_t count;
	int64_t missed; /* messages that were to be timed while 4,095 of their worker's already were */
	int64_t sampled_every; /* on the average one pass of so many was timed, in the last repeat */
	double clock_ns; /* what reading the clock costs, which was taken off */
	struct bin *bins; /* only those in use, ascending */
	size_t n_bins;
};

struct switches {
	int64_t voluntary;
	int64_t involuntary;
};

struct blocked {
	int64_t futex, pipe, eventfd, socket, mqueue, sysv, io_uring, kernel_lock, sleep,
		page_fault, other;
};

/* wall = on_cpu + run_queue + blocked + unaccounted, exactly. */
struct budget {
	int64_t wall;
	int64_t on_cpu;
	int64_t run_queue;
	struct blocked blocked;
	int64_t unaccounted;
};

/* How often somebody: "worker 0", "owner", "interrupt", "arena", "others" or "unseen". */
struct party_count {
	char *who;
	int64_t count;
};

/* Sleeps for `other`, of one system call. */
struct other_wait {
	char *name; /* "wait4"; "stopped": by a signal or a tracer; "unnamed": the calls above what a
		     * slot tells apart */
	int64_t slept;
	int64_t wait_ns;
};

/* A futex word that was slept on. */
struct lock_wait {
	char *name;
	int64_t slept;
	int64_t wait_ns;
	int64_t max_ns; /* the longest sleep */
	/* From the repeats in which wakers were looked for (struct wakers). */
	char *top_waker; /* null: nobody was seen to wake anybody by this word */
	struct party_count *wakers; /* most first; those whose call named this very word */
	size_t n_wakers;
	bool shows_owner; /* the word is known to belong to a lock that says who has it */
	struct party_count *owners; /* who had it when somebody went to sleep on it, most first */
	size_t n_owners;
	int64_t no_owner; /* sleeps that found it between two owners; null where no owner shows */
};

/* All sleeps on futexes; those on several words at once (futex_waitv) belong to none of the locks. */
struct futex_waits {
	int64_t slept;
	int64_t wait_ns;
	struct lock_wait *locks; /* longest total wait first */
	size_t n_locks;
};

/* Waits for kernel locks, by type and name. */
struct contention {
	char *lock; /* a symbol, or the system call it was waited for in: "in read" */
	char *type;
	int64_t locks; /* addresses of that name */
	int64_t count;
	int64_t wait_ns;
	int64_t max_ns;
	int64_t not_acquired; /* waits that ended without the lock; included in count */
};

/* Who woke whom. */
struct wake_edge {
	char *waker; /* as in struct party_count */
	char *wakee; /* "worker 0" or "owner" */
	int64_t count;
	int64_t latency_ns; /* mean, from the waking to the CPU */
	int64_t max_ns;
};

struct task_view {
	int64_t worker; /* index; the owner comes after the workers */
	char *role; /* "worker" or "owner" */
	int64_t tid; /* of the last repeat */
	int64_t ops;
	struct switches switches;
	int64_t on_cpu_ns;
	int64_t run_queue_ns;
	int64_t blocked_ns;
	struct distribution run_queue_delay_ns; /* of one wait in the run queue */
	struct distribution off_cpu_ns; /* of one absence from the CPU */
};

/*
 * What was not counted, by cause: records of the timeline; tasks without a slot or a mark; futex
 * words and system calls above what a slot tells apart; stacks; waits for kernel locks inside others; switches and
 * wake-ups that the kernel did not show. Null: not measured.
 */
struct losses {
	int64_t ring, slots, maps, stacks, nested, order;
	int64_t locks, calls, wakers, others; /* parts of maps: rows that found no room */
};

/* Two counts of the same thing from two sources. */
struct check {
	char *what;
	int64_t bpf;
	int64_t other;
	char *source;
	double tolerance; /* largest accepted |bpf - other| as a share of other; 0: exactly equal */
	bool agrees;
	bool decides; /* a check that does not decide is shown, and `ok` ignores it */
	int64_t tasks; /* compared one by one; null: only the totals were */
	int64_t tasks_agree;
	char *note; /* explains a difference; null when there is none */
};

struct reconciled {
	bool ok;
	struct check *checks;
	size_t n_checks;
};

/* Who got the CPU at the involuntary switches: a neighbour, another task of the race, or nobody. */
struct preemptions {
	int64_t neighbours;
	int64_t unnamed; /* of those: by more neighbours than a slot tells apart */
	int64_t race;
	int64_t idle;
};

/* A neighbour: a task that is none of the race's. */
struct preemptor {
	char *comm; /* printable ASCII: other bytes as \xNN, a backslash as two */
	int64_t pid; /* of its process, as the first pid namespace counts them */
	int64_t count; /* of preemptions */
};

/*
 * The repeats in which wakers were looked for, which takes one program more: a pass of its own, so
 * that the others are not slowed by it.
 */
struct wakers {
	int64_t repeats;
	int64_t ops;
	int64_t wakeups; /* the edges' counts add up to these */
	int64_t recovered;
	struct losses lost;
	struct reconciled reconciled;
	struct estimate slowdown;
};

/*
 * Threads that the kernel made to work for a race: io_uring's. Their time is no part of the budget.
 * They have no timed window: this is their whole lives, set-up and teardown of the races included.
 */
struct kernel_threads {
	int64_t tasks;
	int64_t on_cpu_ns;
	struct switches switches;
};

/* Totals over all tasks' timed windows of the repeats traced at the *sleeps* level. */
struct sleeps {
	int64_t repeats;
	int64_t ops;
	struct switches switches;
	int64_t wakeups;
	int64_t migrations;
	struct budget budget;
	struct blocked blocked_count; /* sleeps, by the same reasons; their sum is wakeups */
	struct other_wait *other; /* longest total wait first; they add up to `other` above */
	size_t n_other;
	struct distribution run_queue_ns;
	struct distribution off_cpu_ns;
	struct futex_waits futex;
	struct contention *contention;
	size_t n_contention;
	struct wakers *wakers; /* null: they were not looked for */
	struct wake_edge *wake_edges; /* most first; null: not looked for */
	size_t n_wake_edges;
	struct preemptions preemptions;
	struct preemptor *preempted_by; /* most first, at most PREEMPTED_BY_MAX */
	size_t n_preempted_by;
	struct task_view *per_worker;
	size_t n_per_worker;
	struct kernel_threads *kernel_threads; /* null: there were none */
	int64_t recovered; /* events not shown, with times from the scheduler's own account */
	struct losses lost;
	struct reconciled reconciled;
	struct estimate slowdown; /* traced / untraced ns_per_op */
};

/* What calls by one way into a futex came to. */
struct futex_way {
	char *name; /* "FUTEX_WAIT_BITSET", "futex_waitv", "io_uring FUTEX_WAIT" */
	int64_t calls;
	int64_t slept; /* a voluntary switch fell inside */
	int64_t eagain; /* the word had another value, or the lock could not be had at once */
	int64_t timedout;
	int64_t interrupted;
	int64_t failed; /* another error */
	int64_t tasks; /* woken or moved to another word; null for waits */
	int64_t nobody; /* calls that found nobody to wake or move; null for waits */
};

/* Sums over the ways that wait, wake and requeue. */
struct futex_calls {
	int64_t waits;
	int64_t slept, eagain, timedout, interrupted; /* of those */
	int64_t wakes;
	int64_t woken; /* tasks */
	int64_t woke_nobody; /* calls */
	int64_t requeues;
	struct futex_way *ways; /* those used, most calls first */
	size_t n_ways;
};

struct syscall_sum {
	char *name;
	int64_t count;
	int64_t errors; /* returned an error, interrupted ones included */
	int64_t time_ns; /* from entry to return, asleep or not */
};

/*
 * On-CPU time. `system` is inside of system calls, between two tracepoints; the way in and out is
 * outside of them and costs as much as many a call. `crossing` is that, by what it cost each task
 * when it tried; `user` is the rest.
 */
struct cpu_split {
	int64_t user;
	int64_t system;
	int64_t crossing;
};

/* Totals over all tasks' timed windows of the repeats traced at the *calls* level. */
struct calls {
	int64_t repeats;
	int64_t ops;
	struct futex_calls futex;
	struct syscall_sum *syscalls; /* longest total time first */
	size_t n_syscalls;
	struct cpu_split on_cpu_ns;
	int64_t recovered;
	struct losses lost;
	struct reconciled reconciled;
	struct estimate slowdown;
};

/* The processor's own counters of one task. Null: it does not count that. */
struct hardware_task {
	int64_t worker; /* index; the owner comes after the workers */
	char *role; /* "worker" or "owner" */
	int64_t ops;
	int64_t cycles;
	int64_t instructions;
	int64_t cache_references; /* to the last level */
	int64_t cache_misses;
	int64_t branch_misses;
};

/* Totals over all tasks' timed windows of repeats of their own. */
struct hardware {
	int64_t repeats;
	char *reason; /* why nothing was counted after all; null when it was */
	bool kernel_included; /* else only what ran in user mode is counted */
	bool multiplexed; /* others used the counters too: scaled up from a part of the time */
	int64_t ops;
	int64_t cycles;
	int64_t instructions;
	int64_t cache_references;
	int64_t cache_misses;
	int64_t branch_misses;
	struct hardware_task *per_worker;
	size_t n_per_worker;
};

/*
 * The repeats whose events are in the capture, a pass of its own. Totals over all tasks' timed windows
 * but for the events, which are those of the whole races: what a reader finds between a task's last
 * OPENS and last CLOSES adds up to its row here.
 */
struct timeline_view {
	char *file; /* as it was named */
	int64_t repeats;
	int64_t ops;
	int64_t events;
	struct switches switches;
	struct task_view *per_worker;
	size_t n_per_worker;
	int64_t recovered;
	struct losses lost; /* `ring`: events that are not in the capture */
	struct reconciled reconciled;
	struct estimate slowdown;
};

/* One frame of a stack, by names that are the same in the next run. No addresses. */
struct stack_frame {
	char *symbol; /* null: not known. "[interrupt]" and the like stand for what has no stack */
	int64_t offset; /* from the symbol, else from the object; null where it is inlined, or in none */
	char *object; /* file name of the program or a library, or "[kernel]"; null: none */
	char *file; /* of the source; null: not known */
	int64_t line; /* null: not known */
	bool inlined; /* into the frame that comes next */
};

enum stack_kind {
	STACK_SLEEP,
	STACK_WAKER,
};

/* Sleeps at one place, or those that were ended from one. */
struct stack_trace {
	int kind; /* enum stack_kind */
	struct stack_frame *frames; /* innermost first */
	size_t n_frames;
	bool truncated; /* the outermost frames are missing */
	int64_t count; /* of sleeps */
	int64_t ns; /* that they took, from switch-out to wake-up */
};

/* The repeats in which stacks were taken, a pass of its own as that of wakers is. */
struct stack_pass {
	int64_t repeats;
	int64_t ops;
	int64_t sleeps; /* the stacks' counts add up to these, of either kind */
	int64_t blocked_ns; /* and their times to this */
	int64_t samples; /* stacks that were copied; all others were known again without */
	int64_t truncated; /* sleeps, and wakings, whose stack's outermost frames are missing */
	int64_t recovered;
	struct losses lost;
	struct reconciled reconciled;
	struct estimate slowdown;
};

struct kernel_view {
	struct sleeps *sleeps; /* null: no repeat was traced at that level */
	struct calls *calls;
	struct timeline_view *timeline; /* null: none was asked for, or could be recorded */
	struct stack_trace
		*stacks; /* sleeps, then wakers, longest time first; null: not looked for */
	size_t n_stacks;
	struct stack_pass *stack_pass; /* null: likewise */
};

/* A figure of the verdict, exactly as the sentence prints it. */
struct figure {
	char *name; /* what it is, as a key: "lost_percent" */
	double value;
	char *unit; /* "%", "ns", "us", "ms", "x" or "" */
};

/* Under which an untraced repeat was run. */
struct condition {
	int64_t *placement; /* the CPU each task started on, the owner last */
	size_t n_placement;
	double overlap_ratio; /* share of its wall in which all workers raced */
	int64_t steal_ns; /* that the hypervisor took from its CPUs, all together */
	int64_t throttled_ns; /* for which a quota held run queues back, all CPUs together */
};

/* What a scan did not change for the strategy, because it takes no such option, is null. */
struct result {
	char *strategy;
	char *family;
	char *mode; /* "threads" or "processes" */
	int64_t workers;
	int64_t duration_ns; /* of a repeat; null with fixed work */
	int64_t iterations; /* of each worker; sequential's one does those of all; null with a duration */
	int64_t batch;
	int64_t permits;
	int64_t read_share; /* percent; 0 where the strategy has no reads */
	int64_t message;
	int64_t critical_ns;
	int64_t think_ns;
	int64_t pace;
	int64_t *placement; /* the CPU each task started on, the owner last */
	size_t n_placement;
	int status; /* enum result_status */
	char *reason; /* why the status is not ok */
	struct counter counter;
	struct timing time;
	struct usage rusage;
	struct condition *conditions; /* one per untraced repeat, in the order raced */
	size_t n_conditions;
	struct fairness fairness;
	struct worker_part *per_worker;
	size_t n_per_worker;
	struct latencies *latency; /* null: not measured */
	struct kernel_view *kernel;
	struct hardware *hardware; /* null: no repeat was for its counters */
	char *verdict;
	struct figure *figures; /* every number in the verdict */
	size_t n_figures;
	int64_t source; /* where it was measured, by position; null, and left out: not merged */
};

struct cpu_rate {
	int64_t cpu;
	double step_ns;
	double fixed_ns;
	double pass_ns;
};

/* What the work that --critical and --think ask for was measured to take: medians over the CPUs. */
struct work {
	double step_ns; /* a step of it */
	double fixed_ns; /* any number of steps besides */
	double pass_ns; /* a pass with work in it besides one without, the work apart */
	int64_t took_ns; /* what measuring it cost */
	struct cpu_rate *cpus;
	size_t n_cpus;
};

/* Whether the processor's counters could be read, as tried before racing. */
struct hardware_state {
	bool available;
	char *reason; /* why not; null when they could */
};

/* Something that makes the numbers say less than they seem to, and what to do about it. */
struct warning {
	char *kind; /* "groups", "drift", ...: see warnings.h */
	int64_t result; /* that it is about, by position; null: the whole session */
	char *text; /* one sentence; the result is not named in it */
	struct figure *figures; /* every number in the text */
	size_t n_figures;
	int64_t source; /* whose it is, by position; null, and left out: not merged */
};

/* One of the sessions that were merged into one: what is not in its results. */
struct source {
	bool complete;
	struct tool tool;
	char *started;
	struct host host;
	struct plan_record plan; /* its order counts the results of the merged session */
	struct tracing tracing;
	struct work *work;
	struct hardware_state hardware;
};

struct session {
	bool complete;
	struct tool tool;
	char *started; /* UTC, ISO 8601 */
	struct host host;
	struct plan_record plan;
	struct tracing tracing;
	struct work *work; /* null: there was none */
	struct hardware_state hardware;
	struct result *results;
	size_t n_results;
	struct warning *warnings;
	size_t n_warnings;
	/*
	 * Null, and left out of the file, but in a merged session (session/fleet.h). Then the members
	 * above say what all sources agree on, and are null where they do not.
	 */
	struct source *sources;
	size_t n_sources;
};

/* An empty session: everything null, nothing owned. Free with session_free(). NULL: no memory. */
struct session *session_new(void);
void session_free(struct session *session);

#endif
