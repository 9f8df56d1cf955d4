/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/fields.h"

#include <stdbool.h>
#include <stdint.h>

#include "session/session.h"

/* Everything below is a table: one line per member, whatever its length. */
/* clang-format off */

#define IS_A(tag, member, type) \
	__builtin_types_compatible_p(__typeof__(((struct tag *)0)->member), type)

/* A member's offset. Does not compile when the member is not of the type that its kind says. */
#define AT(tag, member, type) \
	(offsetof(struct tag, member) + 0 * sizeof(char[IS_A(tag, member, type) ? 1 : -1]))

#define ENTRY(name, what, tag, member, type) \
	.key = name, .kind = what, .offset = AT(tag, member, type)
#define INT(tag, member) { ENTRY(#member, FIELD_INT, tag, member, int64_t) }
#define COUNT(tag, member) { ENTRY(#member, FIELD_COUNT, tag, member, int64_t) }
#define BATCH(tag, member) { ENTRY(#member, FIELD_BATCH, tag, member, int64_t) }
#define REAL(tag, member) { ENTRY(#member, FIELD_REAL, tag, member, double) }
#define PAIR(tag, member) { ENTRY(#member, FIELD_PAIR, tag, member, double[2]) }
#define BOOL(tag, member) { ENTRY(#member, FIELD_BOOL, tag, member, bool) }
#define CHOICE(tag, member, list) \
	{ ENTRY(#member, FIELD_CHOICE, tag, member, int), .choices = list }
#define NAME(tag, member) { ENTRY(#member, FIELD_NAME, tag, member, char *) }
#define STRING_AS(name, tag, member) { ENTRY(name, FIELD_STRING, tag, member, char *) }
#define STRING(tag, member) STRING_AS(#member, tag, member)
#define OBJECT_AS(name, tag, member, inner) \
	{ ENTRY(name, FIELD_OBJECT, tag, member, struct inner), .shape = &inner##_shape }
#define OBJECT(tag, member, inner) OBJECT_AS(#member, tag, member, inner)
#define ESTIMATE_WITHOUT_SAMPLES(tag, member) \
	{ ENTRY(#member, FIELD_OBJECT, tag, member, struct estimate), \
	  .shape = &brief_estimate_shape }
#define OPTIONAL(tag, member, inner) \
	{ ENTRY(#member, FIELD_OPTIONAL, tag, member, struct inner *), .shape = &inner##_shape }
#define LIST_ENTRY(name, tag, member, of, type) \
	ENTRY(name, FIELD_LIST, tag, member, type *), .element = of, \
	.count_offset = AT(tag, n_##member, size_t)
#define LIST_AS(name, tag, member, of, type) { LIST_ENTRY(name, tag, member, of, type) }
#define LIST(tag, member, of, type) LIST_AS(#member, tag, member, of, type)
#define OBJECTS(tag, member, inner) \
	{ LIST_ENTRY(#member, tag, member, FIELD_OBJECT, struct inner), .shape = &inner##_shape }

#define OBJECTS_OR_NULL(tag, member, inner) \
	{ LIST_ENTRY(#member, tag, member, FIELD_OBJECT, struct inner), .shape = &inner##_shape, \
	  .nullable = true }

/* What most sessions have not, so that they stay as they were before there was such a member. */
#define SPARED_OPTIONAL(tag, member, inner) \
	{ ENTRY(#member, FIELD_OPTIONAL, tag, member, struct inner *), .shape = &inner##_shape, \
	  .spared = true }

#define SPARED_COUNT(tag, member) \
	{ ENTRY(#member, FIELD_COUNT, tag, member, int64_t), .spared = true }
#define SPARED_OBJECTS(tag, member, inner) \
	{ LIST_ENTRY(#member, tag, member, FIELD_OBJECT, struct inner), .shape = &inner##_shape, \
	  .nullable = true, .spared = true }

#define SHAPE_OF(tag, table) \
	{ .size = sizeof(struct tag), .fields = table, .n_fields = sizeof(table) / sizeof(*(table)) }
#define SHAPE(tag) static const struct shape tag##_shape = SHAPE_OF(tag, tag##_fields)

static const char *const levels[] = {
	[LEVEL_WARMUP] = "warmup",
	[LEVEL_UNTRACED] = "untraced",
	[LEVEL_SLEEPS] = "sleeps",
	[LEVEL_CALLS] = "calls",
	[LEVEL_LATENCY] = "latency",
	[LEVEL_WAKERS] = "wakers",
	[LEVEL_COUNTERS] = "counters",
	[LEVEL_TIMELINE] = "timeline",
	[LEVEL_STACKS] = "stacks",
	[LEVELS] = NULL,
};

static const char *const tracing_statuses[] = {
	[TRACING_ON] = "on",
	[TRACING_OFF] = "off",
	[TRACING_UNAVAILABLE] = "unavailable",
	NULL,
};

static const char *const result_statuses[] = {
	[RESULT_OK] = "ok",
	[RESULT_UNSUPPORTED] = "unsupported",
	[RESULT_FAILED] = "failed",
	[RESULT_TIMED_OUT] = "timed_out",
	NULL,
};

static const struct field estimate_fields[] = {
	REAL(estimate, median),
	PAIR(estimate, ci95),
	LIST(estimate, samples, FIELD_REAL, double),
};
SHAPE(estimate);

static const struct field brief_estimate_fields[] = {
	REAL(estimate, median),
	PAIR(estimate, ci95),
	LIST_AS(NULL, estimate, samples, FIELD_REAL, double),
};
static const struct shape brief_estimate_shape = SHAPE_OF(estimate, brief_estimate_fields);

static const struct field tool_fields[] = {
	STRING(tool, name),
	STRING(tool, version),
	STRING(tool, revision),
};
const struct shape tool_shape = SHAPE_OF(tool, tool_fields);

static const struct field host_fields[] = {
	STRING(host, hostname),
	STRING(host, kernel),
	STRING(host, arch),
	STRING(host, cpu_model),
	COUNT(host, cpus_online),
	STRING(host, topology),
	STRING(host, governor),
	BOOL(host, virtualized),
	STRING(host, clocksource),
	REAL(host, timer_cost_ns),
	REAL(host, clock_step_ns),
	STRING(host, boost),
	STRING(host, preemption),
	REAL(host, cpu_quota),
};
const struct shape host_shape = SHAPE_OF(host, host_fields);

static const struct field turn_fields[] = {
	COUNT(turn, result),
	CHOICE(turn, level, levels),
};
SHAPE(turn);

static const struct field scanned_fields[] = {
	NAME(scanned, key),
	LIST(scanned, values, FIELD_VALUE, int64_t),
};
SHAPE(scanned);

static const struct field start_record_fields[] = {
	COUNT(start_record, period_ns),
	COUNT(start_record, due_ns),
	COUNT(start_record, began_ns),
};
const struct shape start_record_shape = SHAPE_OF(start_record, start_record_fields);

static const struct field plan_record_fields[] = {
	STRING(plan_record, preset),
	LIST(plan_record, strategies, FIELD_NAME, char *),
	LIST(plan_record, modes, FIELD_NAME, char *),
	LIST(plan_record, workers, FIELD_COUNT, int64_t),
	COUNT(plan_record, duration_ns),
	COUNT(plan_record, iterations),
	BATCH(plan_record, batch),
	COUNT(plan_record, permits),
	COUNT(plan_record, read_share),
	COUNT(plan_record, message),
	COUNT(plan_record, critical_ns),
	COUNT(plan_record, think_ns),
	COUNT(plan_record, pace),
	OBJECTS(plan_record, scan, scanned),
	COUNT(plan_record, repeats),
	COUNT(plan_record, warmup),
	COUNT(plan_record, latency),
	COUNT(plan_record, wakers),
	COUNT(plan_record, stacks),
	COUNT(plan_record, timeout_ns),
	STRING(plan_record, pin),
	STRING(plan_record, trace),
	COUNT(plan_record, max_locks),
	STRING(plan_record, detail),
	STRING(plan_record, timeline),
	COUNT(plan_record, ring_bytes),
	STRING(plan_record, probe),
	BOOL(plan_record, keep_root),
	COUNT(plan_record, seed),
	OBJECTS(plan_record, order, turn),
	SPARED_OPTIONAL(plan_record, start, start_record),
};
const struct shape plan_record_shape = SHAPE_OF(plan_record, plan_record_fields);

/* `how` is a part of struct tracing without a name: its offsets count from struct tracing. */
static const struct field how_fields[] = {
	STRING_AS("sched", tracing, how.sched),
	STRING_AS("wakeups", tracing, how.wakeups),
	STRING_AS("futex", tracing, how.futex),
	STRING_AS("contention", tracing, how.contention),
	STRING_AS("calls", tracing, how.calls),
	STRING_AS("uring", tracing, how.uring),
	STRING_AS("tasks", tracing, how.tasks),
};
static const struct shape how_shape = SHAPE_OF(tracing, how_fields);

static const struct field map_memory_fields[] = {
	NAME(map_memory, name),
	COUNT(map_memory, bytes),
};
SHAPE(map_memory);

static const struct field program_time_fields[] = {
	NAME(program_time, name),
	CHOICE(program_time, level, levels),
	COUNT(program_time, runs),
	REAL(program_time, ns_per_run),
};
SHAPE(program_time);

static const struct field tracing_cost_fields[] = {
	REAL(tracing_cost, attach_ms),
	REAL(tracing_cost, detach_ms),
	OBJECTS(tracing_cost, maps, map_memory),
	COUNT(tracing_cost, maps_bytes),
	OBJECTS(tracing_cost, programs, program_time),
	STRING(tracing_cost, reason),
};
const struct shape tracing_cost_shape = SHAPE_OF(tracing_cost, tracing_cost_fields);

static const struct field tracing_fields[] = {
	CHOICE(tracing, status, tracing_statuses),
	STRING(tracing, reason),
	{ .key = "how", .kind = FIELD_OBJECT, .offset = 0, .shape = &how_shape },
	REAL(tracing, load_ms),
	OPTIONAL(tracing, cost, tracing_cost),
};
const struct shape tracing_shape = SHAPE_OF(tracing, tracing_fields);

static const struct field counter_fields[] = {
	BOOL(counter, promises_exact),
	COUNT(counter, expected),
	COUNT(counter, final),
	INT(counter, lost),
	LIST(counter, totals, FIELD_COUNT, int64_t),
};
SHAPE(counter);

static const struct field timing_fields[] = {
	OBJECT(timing, ns_per_op, estimate),
	OBJECT(timing, ops_per_s, estimate),
	OBJECT(timing, wall_ns, estimate),
	ESTIMATE_WITHOUT_SAMPLES(timing, cpu_ns_per_op),
	REAL(timing, overlap_ratio),
	REAL(timing, speedup),
};
SHAPE(timing);

static const struct field usage_fields[] = {
	COUNT(usage, voluntary),
	COUNT(usage, involuntary),
	COUNT(usage, minor_faults),
	COUNT(usage, major_faults),
};
SHAPE(usage);

static const struct field run_length_fields[] = {
	REAL(run_length, mean),
	COUNT(run_length, longest),
};
SHAPE(run_length);

static const struct field worker_part_fields[] = {
	COUNT(worker_part, worker),
	NAME(worker_part, role),
	COUNT(worker_part, ops),
	REAL(worker_part, share),
	COUNT(worker_part, cpu_ns),
	OBJECT(worker_part, run_length, run_length),
};
const struct shape worker_part_shape = SHAPE_OF(worker_part, worker_part_fields);

static const struct field latencies_fields[] = {
	NAME(latencies, from),
	COUNT(latencies, repeats),
	COUNT(latencies, ops),
	COUNT(latencies, p50),
	COUNT(latencies, p90),
	COUNT(latencies, p99),
	COUNT(latencies, p99_9),
	COUNT(latencies, max),
	COUNT(latencies, count),
	COUNT(latencies, missed),
	COUNT(latencies, sampled_every),
	REAL(latencies, clock_ns),
	LIST_AS("histogram", latencies, bins, FIELD_BIN, struct bin),
};
const struct shape latencies_shape = SHAPE_OF(latencies, latencies_fields);

static const struct field fairness_fields[] = {
	REAL(fairness, jain),
	REAL(fairness, min_share),
	REAL(fairness, max_share),
	OBJECT(fairness, run_length, run_length),
};
SHAPE(fairness);

static const struct field distribution_fields[] = {
	COUNT(distribution, p50),
	COUNT(distribution, p99),
	COUNT(distribution, max),
	LIST_AS("histogram", distribution, bins, FIELD_BIN, struct bin),
};
SHAPE(distribution);

static const struct field switches_fields[] = {
	COUNT(switches, voluntary),
	COUNT(switches, involuntary),
};
SHAPE(switches);

static const struct field blocked_fields[] = {
	COUNT(blocked, futex),
	COUNT(blocked, pipe),
	COUNT(blocked, eventfd),
	COUNT(blocked, socket),
	COUNT(blocked, mqueue),
	COUNT(blocked, sysv),
	COUNT(blocked, io_uring),
	COUNT(blocked, kernel_lock),
	COUNT(blocked, sleep),
	COUNT(blocked, page_fault),
	COUNT(blocked, other),
};
SHAPE(blocked);

static const struct field budget_fields[] = {
	COUNT(budget, wall),
	COUNT(budget, on_cpu),
	COUNT(budget, run_queue),
	OBJECT(budget, blocked, blocked),
	INT(budget, unaccounted),
};
SHAPE(budget);

static const struct field party_count_fields[] = {
	NAME(party_count, who),
	COUNT(party_count, count),
};
SHAPE(party_count);

static const struct field other_wait_fields[] = {
	NAME(other_wait, name),
	COUNT(other_wait, slept),
	COUNT(other_wait, wait_ns),
};
SHAPE(other_wait);

static const struct field lock_wait_fields[] = {
	NAME(lock_wait, name),
	COUNT(lock_wait, slept),
	COUNT(lock_wait, wait_ns),
	COUNT(lock_wait, max_ns),
	STRING(lock_wait, top_waker),
	OBJECTS(lock_wait, wakers, party_count),
	BOOL(lock_wait, shows_owner),
	OBJECTS(lock_wait, owners, party_count),
	COUNT(lock_wait, no_owner),
};
SHAPE(lock_wait);

static const struct field futex_waits_fields[] = {
	COUNT(futex_waits, slept),
	COUNT(futex_waits, wait_ns),
	OBJECTS(futex_waits, locks, lock_wait),
};
SHAPE(futex_waits);

static const struct field contention_fields[] = {
	STRING(contention, lock),
	NAME(contention, type),
	COUNT(contention, locks),
	COUNT(contention, count),
	COUNT(contention, wait_ns),
	COUNT(contention, max_ns),
	COUNT(contention, not_acquired),
};
SHAPE(contention);

static const struct field wake_edge_fields[] = {
	NAME(wake_edge, waker),
	NAME(wake_edge, wakee),
	COUNT(wake_edge, count),
	COUNT(wake_edge, latency_ns),
	COUNT(wake_edge, max_ns),
};
SHAPE(wake_edge);

static const struct field task_view_fields[] = {
	COUNT(task_view, worker),
	NAME(task_view, role),
	COUNT(task_view, tid),
	COUNT(task_view, ops),
	OBJECT(task_view, switches, switches),
	COUNT(task_view, on_cpu_ns),
	COUNT(task_view, run_queue_ns),
	COUNT(task_view, blocked_ns),
	OBJECT(task_view, run_queue_delay_ns, distribution),
	OBJECT(task_view, off_cpu_ns, distribution),
};
SHAPE(task_view);

static const struct field kernel_threads_fields[] = {
	COUNT(kernel_threads, tasks),
	COUNT(kernel_threads, on_cpu_ns),
	OBJECT(kernel_threads, switches, switches),
};
SHAPE(kernel_threads);

static const struct field losses_fields[] = {
	COUNT(losses, ring),
	COUNT(losses, slots),
	COUNT(losses, maps),
	COUNT(losses, stacks),
	COUNT(losses, nested),
	COUNT(losses, order),
	COUNT(losses, locks),
	COUNT(losses, calls),
	COUNT(losses, wakers),
	COUNT(losses, others),
};
SHAPE(losses);

static const struct field check_fields[] = {
	NAME(check, what),
	INT(check, bpf),
	INT(check, other),
	NAME(check, source),
	REAL(check, tolerance),
	BOOL(check, agrees),
	BOOL(check, decides),
	COUNT(check, tasks),
	COUNT(check, tasks_agree),
	STRING(check, note),
};
SHAPE(check);

static const struct field reconciled_fields[] = {
	BOOL(reconciled, ok),
	OBJECTS(reconciled, checks, check),
};
SHAPE(reconciled);

static const struct field preemptions_fields[] = {
	COUNT(preemptions, neighbours),
	COUNT(preemptions, unnamed),
	COUNT(preemptions, race),
	COUNT(preemptions, idle),
};
SHAPE(preemptions);

static const struct field preemptor_fields[] = {
	NAME(preemptor, comm),
	COUNT(preemptor, pid),
	COUNT(preemptor, count),
};
SHAPE(preemptor);

static const struct field wakers_fields[] = {
	COUNT(wakers, repeats),
	COUNT(wakers, ops),
	COUNT(wakers, wakeups),
	COUNT(wakers, recovered),
	OBJECT(wakers, lost, losses),
	OBJECT(wakers, reconciled, reconciled),
	ESTIMATE_WITHOUT_SAMPLES(wakers, slowdown),
};
const struct shape wakers_shape = SHAPE_OF(wakers, wakers_fields);

static const struct field sleeps_fields[] = {
	COUNT(sleeps, repeats),
	COUNT(sleeps, ops),
	OBJECT(sleeps, switches, switches),
	COUNT(sleeps, wakeups),
	COUNT(sleeps, migrations),
	OBJECT_AS("budget_ns", sleeps, budget, budget),
	OBJECT(sleeps, blocked_count, blocked),
	OBJECTS(sleeps, other, other_wait),
	OBJECT(sleeps, run_queue_ns, distribution),
	OBJECT(sleeps, off_cpu_ns, distribution),
	OBJECT(sleeps, futex, futex_waits),
	OBJECTS(sleeps, contention, contention),
	OPTIONAL(sleeps, wakers, wakers),
	OBJECTS_OR_NULL(sleeps, wake_edges, wake_edge),
	OBJECT(sleeps, preemptions, preemptions),
	OBJECTS(sleeps, preempted_by, preemptor),
	OBJECTS(sleeps, per_worker, task_view),
	OPTIONAL(sleeps, kernel_threads, kernel_threads),
	COUNT(sleeps, recovered),
	OBJECT(sleeps, lost, losses),
	OBJECT(sleeps, reconciled, reconciled),
	ESTIMATE_WITHOUT_SAMPLES(sleeps, slowdown),
};
const struct shape sleeps_shape = SHAPE_OF(sleeps, sleeps_fields);

static const struct field timeline_view_fields[] = {
	NAME(timeline_view, file),
	COUNT(timeline_view, repeats),
	COUNT(timeline_view, ops),
	COUNT(timeline_view, events),
	OBJECT(timeline_view, switches, switches),
	OBJECTS(timeline_view, per_worker, task_view),
	COUNT(timeline_view, recovered),
	OBJECT(timeline_view, lost, losses),
	OBJECT(timeline_view, reconciled, reconciled),
	ESTIMATE_WITHOUT_SAMPLES(timeline_view, slowdown),
};
const struct shape timeline_view_shape = SHAPE_OF(timeline_view, timeline_view_fields);

static const struct field futex_way_fields[] = {
	NAME(futex_way, name),
	COUNT(futex_way, calls),
	COUNT(futex_way, slept),
	COUNT(futex_way, eagain),
	COUNT(futex_way, timedout),
	COUNT(futex_way, interrupted),
	COUNT(futex_way, failed),
	COUNT(futex_way, tasks),
	COUNT(futex_way, nobody),
};
SHAPE(futex_way);

static const struct field futex_calls_fields[] = {
	COUNT(futex_calls, waits),
	COUNT(futex_calls, slept),
	COUNT(futex_calls, eagain),
	COUNT(futex_calls, timedout),
	COUNT(futex_calls, interrupted),
	COUNT(futex_calls, wakes),
	COUNT(futex_calls, woken),
	COUNT(futex_calls, woke_nobody),
	COUNT(futex_calls, requeues),
	OBJECTS(futex_calls, ways, futex_way),
};
SHAPE(futex_calls);

static const struct field syscall_sum_fields[] = {
	NAME(syscall_sum, name),
	COUNT(syscall_sum, count),
	COUNT(syscall_sum, errors),
	COUNT(syscall_sum, time_ns),
};
SHAPE(syscall_sum);

static const struct field cpu_split_fields[] = {
	COUNT(cpu_split, user),
	COUNT(cpu_split, system),
	COUNT(cpu_split, crossing),
};
SHAPE(cpu_split);

static const struct field calls_fields[] = {
	COUNT(calls, repeats),
	COUNT(calls, ops),
	OBJECT(calls, futex, futex_calls),
	OBJECTS(calls, syscalls, syscall_sum),
	OBJECT(calls, on_cpu_ns, cpu_split),
	COUNT(calls, recovered),
	OBJECT(calls, lost, losses),
	OBJECT(calls, reconciled, reconciled),
	ESTIMATE_WITHOUT_SAMPLES(calls, slowdown),
};
const struct shape calls_shape = SHAPE_OF(calls, calls_fields);

static const char *const stack_kinds[] = {
	[STACK_SLEEP] = "sleep",
	[STACK_WAKER] = "waker",
	NULL,
};

static const struct field stack_frame_fields[] = {
	STRING(stack_frame, symbol),
	COUNT(stack_frame, offset),
	STRING(stack_frame, object),
	STRING(stack_frame, file),
	COUNT(stack_frame, line),
	BOOL(stack_frame, inlined),
};
SHAPE(stack_frame);

static const struct field stack_trace_fields[] = {
	CHOICE(stack_trace, kind, stack_kinds),
	OBJECTS(stack_trace, frames, stack_frame),
	BOOL(stack_trace, truncated),
	COUNT(stack_trace, count),
	COUNT(stack_trace, ns),
};
SHAPE(stack_trace);

static const struct field stack_pass_fields[] = {
	COUNT(stack_pass, repeats),
	COUNT(stack_pass, ops),
	COUNT(stack_pass, sleeps),
	COUNT(stack_pass, blocked_ns),
	COUNT(stack_pass, samples),
	COUNT(stack_pass, truncated),
	COUNT(stack_pass, recovered),
	OBJECT(stack_pass, lost, losses),
	OBJECT(stack_pass, reconciled, reconciled),
	ESTIMATE_WITHOUT_SAMPLES(stack_pass, slowdown),
};
const struct shape stack_pass_shape = SHAPE_OF(stack_pass, stack_pass_fields);

static const struct field kernel_view_fields[] = {
	OPTIONAL(kernel_view, sleeps, sleeps),
	OPTIONAL(kernel_view, calls, calls),
	OPTIONAL(kernel_view, timeline, timeline_view),
	OBJECTS_OR_NULL(kernel_view, stacks, stack_trace),
	OPTIONAL(kernel_view, stack_pass, stack_pass),
};
SHAPE(kernel_view);

static const struct field figure_fields[] = {
	NAME(figure, name),
	REAL(figure, value),
	NAME(figure, unit),
};
SHAPE(figure);

static const struct field hardware_task_fields[] = {
	COUNT(hardware_task, worker),
	NAME(hardware_task, role),
	COUNT(hardware_task, ops),
	COUNT(hardware_task, cycles),
	COUNT(hardware_task, instructions),
	COUNT(hardware_task, cache_references),
	COUNT(hardware_task, cache_misses),
	COUNT(hardware_task, branch_misses),
};
SHAPE(hardware_task);

static const struct field hardware_fields[] = {
	COUNT(hardware, repeats),
	STRING(hardware, reason),
	BOOL(hardware, kernel_included),
	BOOL(hardware, multiplexed),
	COUNT(hardware, ops),
	COUNT(hardware, cycles),
	COUNT(hardware, instructions),
	COUNT(hardware, cache_references),
	COUNT(hardware, cache_misses),
	COUNT(hardware, branch_misses),
	OBJECTS(hardware, per_worker, hardware_task),
};
const struct shape hardware_shape = SHAPE_OF(hardware, hardware_fields);

static const struct field condition_fields[] = {
	LIST(condition, placement, FIELD_COUNT, int64_t),
	REAL(condition, overlap_ratio),
	COUNT(condition, steal_ns),
	COUNT(condition, throttled_ns),
};
SHAPE(condition);

static const struct field result_fields[] = {
	NAME(result, strategy),
	NAME(result, family),
	NAME(result, mode),
	COUNT(result, workers),
	COUNT(result, duration_ns),
	COUNT(result, iterations),
	BATCH(result, batch),
	COUNT(result, permits),
	COUNT(result, read_share),
	COUNT(result, message),
	COUNT(result, critical_ns),
	COUNT(result, think_ns),
	COUNT(result, pace),
	LIST(result, placement, FIELD_COUNT, int64_t),
	CHOICE(result, status, result_statuses),
	STRING(result, reason),
	OBJECT(result, counter, counter),
	OBJECT(result, time, timing),
	OBJECT(result, rusage, usage),
	OBJECTS(result, conditions, condition),
	OBJECT(result, fairness, fairness),
	OBJECTS(result, per_worker, worker_part),
	{ ENTRY("latency_ns", FIELD_OPTIONAL, result, latency, struct latencies *), .shape = &latencies_shape },
	OPTIONAL(result, kernel, kernel_view),
	OPTIONAL(result, hardware, hardware),
	STRING(result, verdict),
	OBJECTS(result, figures, figure),
	SPARED_COUNT(result, source),
};
const struct shape result_shape = SHAPE_OF(result, result_fields);

static const struct field cpu_rate_fields[] = {
	COUNT(cpu_rate, cpu),
	REAL(cpu_rate, step_ns),
	REAL(cpu_rate, fixed_ns),
	REAL(cpu_rate, pass_ns),
};
SHAPE(cpu_rate);

static const struct field work_fields[] = {
	REAL(work, step_ns),
	REAL(work, fixed_ns),
	REAL(work, pass_ns),
	COUNT(work, took_ns),
	OBJECTS(work, cpus, cpu_rate),
};
const struct shape work_shape = SHAPE_OF(work, work_fields);

static const struct field hardware_state_fields[] = {
	BOOL(hardware_state, available),
	STRING(hardware_state, reason),
};
const struct shape hardware_state_shape = SHAPE_OF(hardware_state, hardware_state_fields);

static const struct field warning_fields[] = {
	NAME(warning, kind),
	COUNT(warning, result),
	NAME(warning, text),
	OBJECTS(warning, figures, figure),
	SPARED_COUNT(warning, source),
};
SHAPE(warning);

static const struct field source_fields[] = {
	BOOL(source, complete),
	OBJECT(source, tool, tool),
	STRING(source, started),
	OBJECT(source, host, host),
	OBJECT(source, plan, plan_record),
	OBJECT(source, tracing, tracing),
	OPTIONAL(source, work, work),
	OBJECT(source, hardware, hardware_state),
};
const struct shape source_shape = SHAPE_OF(source, source_fields);

static const struct field session_fields[] = {
	BOOL(session, complete),
	OBJECT(session, tool, tool),
	STRING(session, started),
	OBJECT(session, host, host),
	OBJECT(session, plan, plan_record),
	OBJECT(session, tracing, tracing),
	OPTIONAL(session, work, work),
	OBJECT(session, hardware, hardware_state),
	OBJECTS(session, results, result),
	OBJECTS(session, warnings, warning),
	SPARED_OBJECTS(session, sources, source),
};
const struct shape session_shape = SHAPE_OF(session, session_fields);
