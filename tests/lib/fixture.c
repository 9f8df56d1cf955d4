/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/fixture_waits.h"
#include "session/fields.h"

#define REPEATS 10
#define DURATION_NS 100000000
#define WINDOWS_NS ((int64_t)REPEATS * DURATION_NS) /* of one task, over a level's repeats */
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a result is made from. Times are sums over all repeats and tasks of a level. */
struct row {
	const char *strategy, *family, *mode;
	int64_t workers, tasks;
	bool exact;
	double ns_per_op, spread; /* spread: half the confidence interval's width */
	double cpu_ns_per_op, speedup, overlap, jain, slowdown;
	int64_t lost;
	int64_t voluntary, involuntary, migrations;
	int64_t run_queue_ns, futex_ns, pipe_ns, unaccounted_ns;
	const char *verdict, *figure, *unit;
	double value;
	const char *reason; /* why it has no numbers */
};

static const struct row rows[FIXTURE_RESULTS] = {
	[FIXTURE_SEQUENTIAL] = {
		.strategy = "sequential", .family = "plain", .mode = "threads",
		.workers = 1, .tasks = 1, .exact = true,
		.ns_per_op = 0.625, .spread = 0.01, .cpu_ns_per_op = 0.625, .speedup = 1,
		.overlap = 1, .jain = 1, .slowdown = 1.0, .unaccounted_ns = 1200,
		.verdict = "no lock and no second worker: 0.62 ns an increment is the floor",
		.figure = "ns_per_op", .unit = "ns", .value = 0.62,
	},
	[FIXTURE_NONE] = {
		.strategy = "none", .family = "plain", .mode = "threads",
		.workers = 2, .tasks = 2,
		.ns_per_op = 0.8, .spread = 0.03, .cpu_ns_per_op = 1.6, .speedup = 0.78125,
		.overlap = 0.99, .jain = 0.998, .slowdown = 1.0, .lost = 1217500000,
		.involuntary = 61, .run_queue_ns = 903000, .unaccounted_ns = 2100,
		.verdict = "lost 48.7 % of its increments",
		.figure = "lost_percent", .unit = "%", .value = 48.7,
	},
	[FIXTURE_ATOMIC] = {
		.strategy = "atomic", .family = "plain", .mode = "threads",
		.workers = 2, .tasks = 2, .exact = true,
		.ns_per_op = 10.9, .spread = 0.02, .cpu_ns_per_op = 21.8, .speedup = 0.0573394,
		.overlap = 0.99, .jain = 0.991, .slowdown = 1.01,
		.involuntary = 59, .run_queue_ns = 1871000, .unaccounted_ns = 1900,
		.verdict = "99.9 % on the CPU: the cache line travels, nobody sleeps",
		.figure = "on_cpu_percent", .unit = "%", .value = 99.9,
	},
	[FIXTURE_MUTEX] = {
		.strategy = "mutex", .family = "lock", .mode = "threads",
		.workers = 2, .tasks = 2, .exact = true,
		.ns_per_op = 33.9, .spread = 0.06, .cpu_ns_per_op = 61, .speedup = 0.0184366,
		.overlap = 0.98, .jain = 0.964, .slowdown = 1.12,
		.voluntary = 11800, .involuntary = 33, .migrations = 4,
		.run_queue_ns = 41000000, .futex_ns = 402000000, .unaccounted_ns = 151000,
		.verdict = "20.1 % of the time asleep on the lock's futex",
		.figure = "futex_percent", .unit = "%", .value = 20.1,
	},
	[FIXTURE_PIPE] = {
		.strategy = "pipe", .family = "message", .mode = "threads",
		.workers = 2, .tasks = 3, .exact = true,
		.ns_per_op = 870, .spread = 0.02, .cpu_ns_per_op = 1740, .speedup = 0.000718391,
		.overlap = 0.97, .jain = 0.982, .slowdown = 1.08,
		.voluntary = 9690, .involuntary = 5200, .migrations = 61,
		.run_queue_ns = 496000000, .pipe_ns = 605000000, .unaccounted_ns = -74000,
		.verdict = "9.1 switches per 1,000 increments: the owner sleeps on an empty pipe",
		.figure = "switches_per_1000", .unit = "", .value = 9.1,
	},
	[FIXTURE_TURN_FUTEX] = {
		.strategy = "turn-futex", .family = "turn", .mode = "threads",
		.workers = 2, .tasks = 2, .exact = true,
		.ns_per_op = 8300, .spread = 0.05, .cpu_ns_per_op = 9100, .speedup = 0.0000753012,
		.overlap = 0.99, .jain = 1, .slowdown = 1.19,
		.voluntary = 101200, .involuntary = 12, .migrations = 2,
		.run_queue_ns = 214000000, .futex_ns = 968000000, .unaccounted_ns = 310000,
		.verdict = "every increment sleeps and wakes the other worker: 8.3 us a turn",
		.figure = "us_per_turn", .unit = "us", .value = 8.3,
	},
	[FIXTURE_FAILED] = {
		.strategy = "mutex", .family = "lock", .mode = "processes",
		.workers = 2, .tasks = 2, .exact = true,
		.reason = "worker 1 was killed by SIGKILL while it held the lock",
	},
	[FIXTURE_UNSUPPORTED] = {
		.strategy = "turn-futex", .family = "turn", .mode = "processes",
		.workers = 2, .tasks = 2, .exact = true,
		.reason = "this kernel was built without CONFIG_FUTEX",
	},
};

static void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static char *text(const char *string)
{
	return string ? need(strdup(string)) : NULL;
}

static struct estimate brief_estimate(double median, double spread)
{
	return (struct estimate){ .median = median,
				  .ci95 = { median * (1 - spread), median * (1 + spread) } };
}

/* With samples that have this median and differ in every repeat or nearly so. */
static struct estimate estimate(double median, double spread)
{
	static const double deviation[REPEATS] = { -2, 3, -1, 1, 0, 0, 2, -3, 1, -1 };
	struct estimate made = brief_estimate(median, spread);

	made.n_samples = REPEATS;
	made.samples = need(calloc(REPEATS, sizeof(double)));
	for (size_t i = 0; i < REPEATS; i++)
		made.samples[i] = median * (1 + spread * deviation[i]);
	return made;
}

static int64_t increments(const struct row *row)
{
	return (int64_t)((double)WINDOWS_NS / row->ns_per_op);
}

static int64_t sum_of_waits(const struct row *row)
{
	return row->run_queue_ns + row->futex_ns + row->pipe_ns + row->unaccounted_ns;
}

/* So few waits that no bin has any are taken for none. */
static struct distribution distribution(int64_t n)
{
	struct distribution made = { .p50 = NO_INT, .p99 = NO_INT, .max = NO_INT };
	const int64_t longer = n / 2, longest = n / 50;
	const struct bin bins[] = {
		{ 1024, 1280, n - longer - longest },
		{ 2048, 2560, longer },
		{ 28672, 32768, longest },
	};

	if (longest == 0)
		return made;
	made.p50 = 2064;
	made.p99 = 30720;
	made.max = 32768;
	made.bins = need(calloc(COUNT(bins), sizeof(*bins)));
	made.n_bins = COUNT(bins);
	memcpy(made.bins, bins, sizeof(bins));
	return made;
}

static void add_locks(struct sleeps *sleeps, const struct row *row)
{
	sleeps->futex.slept = row->futex_ns ? row->voluntary : 0;
	sleeps->futex.wait_ns = row->futex_ns;
	if (row->futex_ns) {
		sleeps->futex.locks = need(calloc(1, sizeof(*sleeps->futex.locks)));
		sleeps->futex.n_locks = 1;
		sleeps->futex.locks[0] = (struct lock_wait){
			.name = text("object+0x0"),
			.slept = row->voluntary,
			.wait_ns = row->futex_ns,
			.max_ns = 131000,
			.no_owner = NO_INT,
		};
	}
	if (row->pipe_ns) {
		sleeps->contention = need(calloc(1, sizeof(*sleeps->contention)));
		sleeps->n_contention = 1;
		sleeps->contention[0] = (struct contention){
			.lock = text("in write, read"),
			.type = text("mutex"),
			.locks = 1,
			.count = 2140,
			.wait_ns = 9120000,
			.max_ns = 81000,
			.not_acquired = 0,
		};
	}
}

/* The tasks share everything evenly; the first also has what is left over. */
static int64_t share(int64_t total, int64_t tasks, int64_t task)
{
	return total / tasks + (task == 0 ? total % tasks : 0);
}

static void add_tasks(struct sleeps *sleeps, const struct row *row)
{
	sleeps->per_worker = need(calloc((size_t)row->tasks, sizeof(*sleeps->per_worker)));
	sleeps->n_per_worker = (size_t)row->tasks;
	for (int64_t i = 0; i < row->tasks; i++) {
		struct task_view *task = &sleeps->per_worker[i];
		bool owner = i >= row->workers;

		task->worker = i;
		task->role = text(owner ? "owner" : "worker");
		task->tid = 4711 + i;
		task->ops = owner ? 0 : share(sleeps->ops, row->workers, i);
		task->switches.voluntary = share(row->voluntary, row->tasks, i);
		task->switches.involuntary = share(row->involuntary, row->tasks, i);
		task->on_cpu_ns = share(sleeps->budget.on_cpu, row->tasks, i);
		task->run_queue_ns = share(row->run_queue_ns, row->tasks, i);
		task->blocked_ns = share(row->futex_ns + row->pipe_ns, row->tasks, i);
	}
}

static struct check check(const char *what, int64_t count, const char *source, int64_t tasks)
{
	return (struct check){
		.what = text(what),
		.bpf = count,
		.other = count,
		.source = text(source),
		.agrees = true,
		.decides = true,
		.tasks = tasks,
		.tasks_agree = tasks,
	};
}

static void add_checks(struct sleeps *sleeps, const struct row *row)
{
	const int64_t tasks = row->tasks * REPEATS, on_cpu = sleeps->budget.on_cpu;
	struct check *checks = need(calloc(4, sizeof(*checks)));

	checks[0] = check("voluntary switches", row->voluntary, "getrusage", tasks);
	checks[1] = check("involuntary switches", row->involuntary, "getrusage", tasks);
	checks[2] = check("accounted time", sleeps->budget.wall, "CLOCK_MONOTONIC", NO_INT);
	checks[2].bpf -= row->unaccounted_ns;
	checks[2].tolerance = 0.01;
	checks[3] = check("on-CPU time", on_cpu, "CLOCK_THREAD_CPUTIME_ID", NO_INT);
	checks[3].other = on_cpu - on_cpu / 8;
	checks[3].tolerance = 0.05;
	checks[3].agrees = false;
	checks[3].decides = false;
	checks[3].note = text("the hypervisor's preemption is missing from the CPU clock");
	sleeps->reconciled = (struct reconciled){ .ok = true, .checks = checks, .n_checks = 4 };
}

static void add_way(struct futex_calls *futex, const char *name, struct futex_way way)
{
	futex->ways[futex->n_ways] = way;
	futex->ways[futex->n_ways++].name = text(name);
}

/* Thirty waits for each that slept, as of a mutex that is fought over. */
static void add_futex_calls(struct calls *calls, const struct row *row)
{
	struct futex_calls *futex = &calls->futex;
	const int64_t slept = row->futex_ns ? row->voluntary : 0;

	futex->slept = slept;
	futex->waits = 30 * slept;
	futex->eagain = futex->waits - slept;
	futex->wakes = 31 * slept;
	futex->woken = slept;
	futex->woke_nobody = futex->wakes - slept;
	if (!slept)
		return;
	futex->ways = need(calloc(2, sizeof(*futex->ways)));
	add_way(futex, "FUTEX_WAKE",
		(struct futex_way){ .calls = futex->wakes,
				    .tasks = futex->woken,
				    .nobody = futex->woke_nobody });
	add_way(futex, "FUTEX_WAIT",
		(struct futex_way){ .calls = futex->waits,
				    .slept = slept,
				    .eagain = futex->eagain,
				    .tasks = NO_INT,
				    .nobody = NO_INT });
}

static void add_syscalls(struct calls *calls, const struct row *row)
{
	const char *name = row->futex_ns ? "futex" : row->pipe_ns ? "write" : NULL;
	int64_t count = row->futex_ns ? calls->futex.waits + calls->futex.wakes : calls->ops;

	if (!name)
		return;
	calls->syscalls = need(calloc(1, sizeof(*calls->syscalls)));
	calls->n_syscalls = 1;
	calls->syscalls[0] =
		(struct syscall_sum){ text(name), count, calls->futex.eagain, 1700 * count };
}

static struct calls *calls(const struct row *row, const struct sleeps *sleeps)
{
	struct calls *made = need(calloc(1, sizeof(*made)));
	const int64_t tasks = row->tasks * REPEATS;
	struct check *checks = need(calloc(3, sizeof(*checks)));

	made->repeats = REPEATS;
	made->ops = sleeps->ops * 9 / 10;
	add_futex_calls(made, row);
	add_syscalls(made, row);
	made->on_cpu_ns.crossing = made->n_syscalls ? sleeps->budget.on_cpu / 20 : 0;
	made->on_cpu_ns.system = 4 * made->on_cpu_ns.crossing;
	made->on_cpu_ns.user =
		sleeps->budget.on_cpu - made->on_cpu_ns.system - made->on_cpu_ns.crossing;
	checks[0] = check("voluntary switches", row->voluntary, "getrusage", tasks);
	checks[1] = check("involuntary switches", row->involuntary, "getrusage", tasks);
	checks[2] = check("system calls", made->n_syscalls ? made->syscalls[0].count : 0,
			  "sys_enter", tasks);
	made->reconciled = (struct reconciled){ .ok = true, .checks = checks, .n_checks = 3 };
	made->slowdown = brief_estimate(row->slowdown + 0.1, 0.02);
	return made;
}

/* By one neighbour, with a name as it is kept when it was hostile. */
static void add_preemptions(struct sleeps *sleeps, const struct row *row)
{
	struct preemptor *neighbour = need(calloc(1, sizeof(*neighbour)));

	*neighbour = (struct preemptor){ .comm = text("\\x80\"hog\\x1b"),
					 .pid = 4711,
					 .count = row->involuntary / 2 };
	sleeps->preempted_by = neighbour;
	sleeps->n_preempted_by = 1;
	sleeps->preemptions = (struct preemptions){
		.neighbours = neighbour->count,
		.race = row->involuntary - neighbour->count,
	};
}

static struct kernel_view *kernel_view(const struct row *row)
{
	struct kernel_view *kernel = need(calloc(1, sizeof(*kernel)));
	struct sleeps *sleeps = need(calloc(1, sizeof(*sleeps)));

	kernel->sleeps = sleeps;
	sleeps->repeats = REPEATS;
	sleeps->ops = (int64_t)((double)increments(row) / row->slowdown);
	sleeps->switches = (struct switches){ row->voluntary, row->involuntary };
	sleeps->wakeups = row->voluntary;
	add_preemptions(sleeps, row);
	sleeps->migrations = row->migrations;
	sleeps->budget.wall = row->tasks * WINDOWS_NS;
	sleeps->budget.on_cpu = sleeps->budget.wall - sum_of_waits(row);
	sleeps->budget.run_queue = row->run_queue_ns;
	sleeps->budget.blocked.futex = row->futex_ns;
	sleeps->budget.blocked.pipe = row->pipe_ns;
	*(row->pipe_ns ? &sleeps->blocked_count.pipe : &sleeps->blocked_count.futex) =
		row->voluntary;
	sleeps->budget.unaccounted = row->unaccounted_ns;
	sleeps->run_queue_ns = distribution(row->voluntary + row->involuntary);
	sleeps->off_cpu_ns = distribution(row->voluntary);
	add_locks(sleeps, row);
	add_tasks(sleeps, row);
	add_checks(sleeps, row);
	sleeps->slowdown = brief_estimate(row->slowdown, 0.02);
	kernel->calls = calls(row, sleeps);
	return kernel;
}

static void add_timing(struct result *result, const struct row *row)
{
	result->time.ns_per_op = estimate(row->ns_per_op, row->spread);
	result->time.ops_per_s = estimate(1e9 / row->ns_per_op, row->spread);
	result->time.wall_ns = estimate(DURATION_NS + 40000, 0.0001);
	result->time.cpu_ns_per_op = brief_estimate(row->cpu_ns_per_op, row->spread);
	result->time.overlap_ratio = row->overlap;
	result->time.speedup = row->speedup;
}

/* What is lost is not the same in any two repeats, where anything is. */
static void add_totals(struct counter *counter)
{
	const int64_t even = counter->final / (2 * REPEATS), step = counter->lost / 1000;

	counter->totals = need(calloc(2 * REPEATS, sizeof(*counter->totals)));
	counter->n_totals = 2 * REPEATS;
	for (int64_t i = 0; i < 2 * REPEATS; i++)
		counter->totals[i] = even + step * (i < REPEATS ? -1 - i : 2 * REPEATS - i);
	counter->totals[0] += counter->final % (2 * REPEATS);
}

/* As if passes took what their increments did, and one in a hundred 150 times as long. */
static struct latencies *latencies(const struct row *row)
{
	int64_t pass_ns = (int64_t)(row->ns_per_op * (double)row->workers) + 1;
	struct latencies *made = need(calloc(1, sizeof(*made)));

	made->from = text(strcmp(row->family, "message") == 0 ? "message" :
			  strcmp(row->family, "turn") == 0    ? "turn" :
								"section");
	made->repeats = 3;
	made->ops = 3 * increments(row) / REPEATS;
	made->p50 = pass_ns;
	made->p90 = 2 * pass_ns;
	made->p99 = made->p99_9 = 150 * pass_ns;
	made->max = 151 * pass_ns;
	made->count = 1000;
	made->sampled_every = 100;
	made->clock_ns = 24.5;
	made->bins = need(calloc(2, sizeof(*made->bins)));
	made->n_bins = 2;
	made->bins[0] = (struct bin){ pass_ns, 2 * pass_ns, 980 };
	made->bins[1] = (struct bin){ 149 * pass_ns, 152 * pass_ns, 20 };
	return made;
}

/* The owner of a message race sends nothing. */
static void add_parts(struct result *result, const struct row *row)
{
	result->per_worker = need(calloc((size_t)row->tasks, sizeof(*result->per_worker)));
	result->n_per_worker = (size_t)row->tasks;
	for (int64_t i = 0; i < row->tasks; i++) {
		struct worker_part *part = &result->per_worker[i];
		bool owns = i == row->workers;

		fields_clear(&worker_part_shape, part);
		part->worker = i;
		part->role = text(owns ? "owner" : "worker");
		part->ops = owns ? 0 : increments(row) / row->workers;
		part->share = owns ? NAN : 1 / (double)row->workers;
		part->cpu_ns = (int64_t)(row->cpu_ns_per_op * (double)increments(row)) / row->tasks;
		if (strcmp(row->family, "lock") == 0)
			part->run_length = (struct run_length){ 12.5, 4096 };
	}
	if (strcmp(row->family, "lock") == 0)
		result->fairness.run_length = (struct run_length){ 12.5, 4096 };
}

static void add_measurements(struct result *result, const struct row *row)
{
	result->counter.expected = 2 * increments(row);
	result->counter.lost = row->lost;
	result->counter.final = result->counter.expected - row->lost;
	add_totals(&result->counter);
	add_timing(result, row);
	result->rusage = (struct usage){ row->voluntary + 7, row->involuntary, 180, 0 };
	result->fairness.jain = row->jain;
	result->fairness.min_share = row->workers == 1 ? 1 : 0.48;
	result->fairness.max_share = row->workers == 1 ? 1 : 0.52;
	add_parts(result, row);
	result->latency = latencies(row);
	result->kernel = kernel_view(row);
	fixture_add_waits(result->kernel->sleeps, (enum fixture_result)(row - rows));
	result->verdict = text(row->verdict);
	result->figures = need(calloc(1, sizeof(*result->figures)));
	result->n_figures = 1;
	result->figures[0].name = text(row->figure);
	result->figures[0].value = row->value;
	result->figures[0].unit = text(row->unit);
}

static void fill_result(struct result *result, int which)
{
	const struct row *row = &rows[which];

	fields_clear(&result_shape, result);
	result->strategy = text(row->strategy);
	result->family = text(row->family);
	result->mode = text(row->mode);
	result->workers = row->workers;
	result->batch = 1;
	result->message = strcmp(row->family, "message") == 0 ? 8 : NO_INT;
	result->placement = need(calloc((size_t)row->tasks, sizeof(int64_t)));
	result->n_placement = (size_t)row->tasks;
	for (int64_t i = 0; i < row->tasks; i++)
		result->placement[i] = i % 2;
	result->counter.promises_exact = row->exact;
	result->reason = text(row->reason);
	if (which == FIXTURE_FAILED)
		result->status = RESULT_FAILED;
	else if (which == FIXTURE_UNSUPPORTED)
		result->status = RESULT_UNSUPPORTED;
	else
		add_measurements(result, row);
}

static void list(char ***strings, size_t *n, const char *const *from, size_t count)
{
	*strings = need(calloc(count, sizeof(**strings)));
	*n = count;
	for (size_t i = 0; i < count; i++)
		(*strings)[i] = text(from[i]);
}

/* Every result that is raced, a warm-up first, then all levels, each round in another order. */
static void fill_order(struct plan_record *plan)
{
	const size_t raced = FIXTURE_RESULTS - 1;

	plan->n_order = raced * (1 + 3 * REPEATS);
	plan->order = need(calloc(plan->n_order, sizeof(*plan->order)));
	for (size_t i = 0; i < plan->n_order; i++) {
		size_t round = i / raced;

		plan->order[i].result = (int64_t)((i * 5 + round * 3) % raced);
		plan->order[i].level = round == 0     ? LEVEL_WARMUP :
				       round % 3 == 1 ? LEVEL_UNTRACED :
				       round % 3 == 2 ? LEVEL_SLEEPS :
							LEVEL_CALLS;
	}
}

static void fill_plan(struct plan_record *plan)
{
	static const char *const strategies[] = { "sequential", "none", "atomic",
						  "mutex",	"pipe", "turn-futex" };
	static const char *const modes[] = { "threads", "processes" };

	list(&plan->strategies, &plan->n_strategies, strategies, COUNT(strategies));
	list(&plan->modes, &plan->n_modes, modes, COUNT(modes));
	plan->workers = need(calloc(1, sizeof(*plan->workers)));
	plan->workers[0] = 2;
	plan->n_workers = 1;
	plan->duration_ns = DURATION_NS;
	plan->batch = 1;
	plan->message = 8;
	plan->repeats = REPEATS;
	plan->warmup = 1;
	plan->timeout_ns = 10000000000;
	plan->pin = text("spread");
	plan->trace = text("auto");
	plan->detail = text("both");
	plan->seed = 7341;
	fill_order(plan);
}

static void fill_host(struct host *host)
{
	host->hostname = text("bench");
	host->kernel = text("6.18.44");
	host->arch = text("x86_64");
	host->cpu_model = text("Imaginary CPU @ 2.50GHz");
	host->cpus_online = 2;
	host->topology = text("2 CPUs, 2 cores, 1 package");
	host->virtualized = true;
	host->clocksource = text("tsc");
	host->timer_cost_ns = 25.3;
	host->preemption = text("voluntary");
}

static void fill_cost(struct tracing *tracing)
{
	static const struct program_time programs[] = {
		{ (char *)"tp_btf/sched_switch", LEVEL_SLEEPS, 14000, 207.5 },
		{ (char *)"tp_btf/sched_wakeup", LEVEL_SLEEPS, 7000, 157.25 },
		{ (char *)"tp_btf/task_newtask", LEVEL_SLEEPS, 6, 2648.5 },
		{ (char *)"tp_btf/contention_begin", LEVEL_SLEEPS, 0, NAN },
		{ (char *)"tp_btf/sched_switch", LEVEL_CALLS, 12000, 231.5 },
		{ (char *)"tp_btf/sys_enter", LEVEL_CALLS, 40000, 71.5 },
		{ (char *)"tp_btf/sys_exit", LEVEL_CALLS, 40000, 98.75 },
	};
	struct tracing_cost *cost = need(calloc(1, sizeof(*cost)));

	cost->attach_ms = 5.125;
	cost->detach_ms = 12.25;
	cost->maps = need(calloc(1, sizeof(*cost->maps)));
	cost->n_maps = 1;
	cost->maps[0] = (struct map_memory){ text("slots"), 65536 };
	cost->maps_bytes = 65536;
	cost->programs = need(calloc(COUNT(programs), sizeof(*programs)));
	cost->n_programs = COUNT(programs);
	for (size_t i = 0; i < COUNT(programs); i++) {
		cost->programs[i] = programs[i];
		cost->programs[i].name = text(programs[i].name);
	}
	tracing->cost = cost;
}

struct session *fixture_session(void)
{
	struct session *session = need(session_new());

	session->complete = true;
	session->tool.name = text("tracebench");
	session->tool.version = text("0.1.0");
	session->started = text("2026-01-01T00:00:00Z");
	fill_host(&session->host);
	fill_plan(&session->plan);
	session->tracing.status = TRACING_ON;
	session->tracing.load_ms = 84.25;
	fill_cost(&session->tracing);
	session->tracing.how.sched = text("tp_btf");
	session->tracing.how.futex = text("registers at switch-out");
	session->tracing.how.contention = text("tp_btf");
	session->tracing.how.calls = text("sys_enter, sys_exit");
	session->results = need(calloc(FIXTURE_RESULTS, sizeof(*session->results)));
	session->n_results = FIXTURE_RESULTS;
	for (int i = 0; i < FIXTURE_RESULTS; i++)
		fill_result(&session->results[i], i);
	return session;
}
