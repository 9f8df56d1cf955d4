/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/race.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <tracebench/slot.h>

#include "base/utf8.h"
#include "perfetto/slices.h"

/* As sched_switch tells them since Linux 4.14: TASK_REPORT's, and one for who could have run on. */
#define STATE_REPORT 0x7f
#define STATE_DEAD 0x10
#define STATE_PREEMPTED 0x100
#define TASK_DEAD_LOW 0x80 /* task_struct.__state's TASK_DEAD */

#define DEFAULT_PRIORITY 120

/* ---- Who there is ----------------------------------------------------------- */

static const struct capture_task *first_of_process(const struct content_end *end, uint32_t process)
{
	for (size_t i = 0; i < end->n_tasks; i++)
		if (end->tasks[i].process == process)
			return &end->tasks[i];
	return NULL;
}

/* A process of threads has the race's name; one of a single task that task's besides. */
static void put_process(struct race_trace *made, const struct capture_task *task)
{
	char label[LABEL], name[2 * LABEL], own[TASK_NAME];

	label_race(&made->race->race, label);
	utf8_fit(task->name, own, sizeof(own));
	if (task->pid == task->process)
		snprintf(name, sizeof(name), "%s: %s", label, own);
	else
		snprintf(name, sizeof(name), "%s", label);
	trace_put_process(made->trace, task->process, name);
}

static int introduce(struct race_trace *made, const struct capture_task *about)
{
	struct task *task = tasks_find(made->tasks, about->pid);

	if (!task)
		return -ENOMEM;
	utf8_fit(about->name, task->name, sizeof(task->name));
	if (first_of_process(&made->race->end, about->process) == about)
		put_process(made, about);
	task->about = about;
	task->track = trace_put_thread(made->trace, about->process, about->pid, task->name);
	return 0;
}

/* A race that was cut off does not tell whose its tasks are: they show by their switches. */
static void introduce_unknown(struct race_trace *made, struct task *task)
{
	if (!task->track && !made->race->ended && task->pid)
		task->track = trace_put_thread(made->trace, task->pid, task->pid, task->name);
}

int race_trace_begin(struct race_trace *made, struct trace *trace, struct cpus *cpus,
		     struct tasks *tasks, const struct capture_race_read *race)
{
	int err = 0;

	*made = (struct race_trace){
		.trace = trace,
		.cpus = cpus,
		.tasks = tasks,
		.race = race,
		.labels = { race, tasks },
	};
	tasks_clear(tasks);
	trace_begin_race(trace, &race->race.clock, label_write, &made->labels);
	cpus_begin_race(cpus, race->rings);
	for (size_t i = 0; i < race->end.n_tasks && !err; i++)
		err = introduce(made, &race->end.tasks[i]);
	return err;
}

static int name_task(struct race_trace *made, const struct tb_event *event)
{
	struct task *task = tasks_find(made->tasks, event->task);
	char raw[sizeof(event->name) + 1] = "", name[TASK_NAME];

	if (!task)
		return -ENOMEM;
	memcpy(raw, event->name, sizeof(event->name));
	utf8_fit(raw, name, sizeof(name));
	if (task->about || strcmp(name, task->name) == 0)
		return 0;
	cpus_flush(made->cpus);
	memcpy(task->name, name, sizeof(name));
	return 0;
}

static struct cpu_task side_of(const struct race_trace *made, const struct task *task, uint32_t cpu,
			       int32_t priority)
{
	return (struct cpu_task){
		.pid = task->pid,
		.name = task->pid ? task->name : cpus_idle_name(made->cpus, cpu),
		.priority = priority,
	};
}

/* ---- Switches ---------------------------------------------------------------- */

static void change_state(struct race_trace *made, struct task *task, enum task_state state)
{
	if (!task_is_own(task))
		return;
	counters_change(&made->counters, task->state, state);
	task->state = state;
}

/* A task that does something is awake and on a CPU, whatever was seen of it before. */
static void runs(struct race_trace *made, struct task *task, uint64_t ns)
{
	if (!task_is_own(task) || task->state == TASK_RUNNING)
		return;
	slice_end(made->trace, task, ns, (struct slice){ SLICE_SLEEP, 0 }, NULL);
	change_state(made, task, TASK_RUNNING);
}

/* The waking that ended its sleep, if another of the race's own tasks did it. */
static void show_waker(struct race_trace *made, struct task *task, uint64_t ns)
{
	const struct task *waker = task->waker;

	if (task->waking_ns && waker && waker != task && task_is_own(waker)) {
		const struct trace_point from = {
			.track = waker->track,
			.ns = task->waking_ns,
			.name = { NAME_WAKES, 0, task->pid },
		};
		const struct trace_point to = {
			.track = task->track,
			.ns = ns,
			.name = { NAME_WOKEN, 0, waker->pid },
		};

		trace_flow(made->trace, &from, &to);
	}
	task->waking_ns = 0;
}

static void arrives(struct race_trace *made, struct task *task, uint64_t ns)
{
	runs(made, task, ns);
	if (task->slept)
		show_waker(made, task, ns);
	task->slept = false;
}

static void leaves(struct race_trace *made, struct task *task, const struct tb_event *event)
{
	const struct name name = { NAME_SLEEP, event->of_switch.reason, event->of_switch.word };

	if (!task_is_own(task))
		return;
	counters_switch(&made->counters);
	if (event->of_switch.state & TASK_DEAD_LOW) {
		slices_end_all(made->trace, task, event->ns);
		change_state(made, task, TASK_GONE);
	} else if (event->of_switch.reason == TB_EVENT_AWAKE) {
		change_state(made, task, TASK_WAITING);
	} else {
		slice_begin(made->trace, task, event->ns, (struct slice){ SLICE_SLEEP, 0 }, name);
		change_state(made, task, TASK_ASLEEP);
		task->slept = true;
	}
}

/* In the numbers of sched_switch, whose tracepoint shows the highest of several bits. */
static int64_t reported_state(const struct tb_event *event)
{
	unsigned int state = event->of_switch.state;

	if (!event->task)
		return 0;
	if (event->flags & TB_EVENT_PREEMPTED)
		return STATE_PREEMPTED;
	if (state & TASK_DEAD_LOW)
		return STATE_DEAD;
	state &= STATE_REPORT;
	return state ? 1 << (31 - __builtin_clz(state)) : 0;
}

/*
 * Whom nobody saw getting the CPU has it: what lies between is filled in. One of the race's own that
 * so is found to have left did it some time before, and how is not known.
 */
static int fill_gap(struct race_trace *made, uint32_t cpu, uint64_t ns, struct task *task)
{
	struct task *before = tasks_find(made->tasks, cpus_current(made->cpus, cpu));
	struct cpu_task prev, next = side_of(made, task, cpu, DEFAULT_PRIORITY);

	if (!before)
		return -ENOMEM;
	prev = side_of(made, before, cpu, DEFAULT_PRIORITY);
	if (before->pid == NOT_RECORDED)
		prev.name = NOT_RECORDED_NAME;
	if ((task_is_own(before) && before->state == TASK_RUNNING) ||
	    (task_is_own(task) && task->state != TASK_UNSEEN))
		made->not_seen++;
	else if (before->pid != NOT_RECORDED)
		made->filled_in++;
	if (task_is_own(before) && before->state == TASK_RUNNING)
		change_state(made, before, TASK_UNSEEN);
	if (task_is_own(task))
		arrives(made, task, ns);
	return cpus_gap(made->cpus, cpu, ns, &prev, &next);
}

/* Whoever does something on a CPU is its current task. */
static int has_cpu(struct race_trace *made, const struct tb_event *event, struct task *task)
{
	if (cpus_current(made->cpus, event->cpu) == task->pid)
		return 0;
	return fill_gap(made, event->cpu, event->ns, task);
}

static int switch_tasks(struct race_trace *made, const struct tb_event *event, struct task *task)
{
	struct task *next = tasks_find(made->tasks, event->of_switch.next);
	struct cpu_task from, to;
	int err;

	if (!next)
		return -ENOMEM;
	if (event->flags & TB_EVENT_TRACED)
		introduce_unknown(made, task);
	if (event->flags & TB_EVENT_TRACED_NEXT)
		introduce_unknown(made, next);
	err = has_cpu(made, event, task);
	if (err)
		return err;
	leaves(made, task, event);
	if (task_is_own(next))
		arrives(made, next, event->ns);
	from = side_of(made, task, event->cpu, event->of_switch.priority);
	to = side_of(made, next, event->cpu, event->of_switch.next_priority);
	return cpus_switch(made->cpus, event->cpu, event->ns, &from, reported_state(event), &to);
}

/* ---- The rest ------------------------------------------------------------------ */

static int wake(struct race_trace *made, const struct tb_event *event, struct task *task)
{
	struct task *wakee = tasks_find(made->tasks, event->waking.wakee);
	bool interrupt = event->flags & TB_EVENT_INTERRUPT;
	struct cpu_task side;

	if (!wakee)
		return -ENOMEM;
	wakee->waking_ns = event->ns;
	wakee->waker = interrupt ? NULL : task;
	if (task_is_own(wakee) && wakee->state == TASK_ASLEEP) {
		slice_end(made->trace, wakee, event->ns, (struct slice){ SLICE_SLEEP, 0 }, NULL);
		change_state(made, wakee, TASK_WAITING);
	}
	side = side_of(made, wakee, event->cpu, event->waking.priority);
	return cpus_waking(made->cpus, event->cpu, event->ns, event->task, interrupt, &side,
			   event->waking.target_cpu);
}

static void returns(struct race_trace *made, const struct tb_event *event, struct task *task)
{
	const struct argument_value result[] = {
		{ ARGUMENT_RESULT, NULL, event->call.result },
		{ ARGUMENT_NONE, NULL, 0 },
	};

	slice_end(made->trace, task, event->ns, (struct slice){ SLICE_CALL, 0 }, result);
}

static void stops_waiting(struct race_trace *made, const struct tb_event *event, struct task *task)
{
	const struct argument_value result[] = {
		{ event->contention.result ? ARGUMENT_RESULT : ARGUMENT_NONE, NULL,
		  event->contention.result },
		{ ARGUMENT_NONE, NULL, 0 },
	};

	slice_end(made->trace, task, event->ns,
		  (struct slice){ SLICE_CONTENTION, event->contention.lock }, result);
}

/* What is within a task's own stretch on a CPU. */
static void show_own(struct race_trace *made, const struct tb_event *event, struct task *task)
{
	const struct slice call = { SLICE_CALL, 0 };

	switch (event->kind) {
	case TB_EVENT_CALL:
		slice_end(made->trace, task, event->ns, call, NULL); /* it was not seen to return */
		slice_begin(made->trace, task, event->ns, call,
			    (struct name){ NAME_CALL, event->call.operation, event->call.word });
		break;
	case TB_EVENT_RETURN:
		returns(made, event, task);
		break;
	case TB_EVENT_CONTENDS:
		slice_begin(made->trace, task, event->ns,
			    (struct slice){ SLICE_CONTENTION, event->contention.lock },
			    (struct name){ NAME_CONTENTION, event->contention.type,
					   event->contention.lock });
		break;
	case TB_EVENT_CONTENDED:
		stops_waiting(made, event, task);
		break;
	case TB_EVENT_OPENS:
		task->opened_ns = event->ns;
		task->closed_ns = 0;
		break;
	case TB_EVENT_CLOSES:
		task->closed_ns = event->ns;
		break;
	default:
		break;
	}
}

int race_trace_event(struct race_trace *made, const struct tb_event *event)
{
	struct task *task;
	int err;

	if (event->kind == TB_EVENT_NAMED)
		return name_task(made, event);
	if (!made->last_ns)
		made->first_ns = event->ns;
	made->last_ns = event->ns;
	counters_advance(&made->counters, made->trace, event->ns);
	task = tasks_find(made->tasks, event->task);
	if (!task)
		return -ENOMEM;
	if (event->kind == TB_EVENT_SWITCH)
		return switch_tasks(made, event, task);
	err = has_cpu(made, event, task);
	if (err)
		return err;
	if (event->kind == TB_EVENT_WAKING)
		return wake(made, event, task);
	show_own(made, event, task);
	return 0;
}

/* ---- The end ------------------------------------------------------------------- */

static struct cpu_task who_is(void *of, uint32_t cpu, uint32_t pid)
{
	struct race_trace *made = of;
	const struct task *task = tasks_find(made->tasks, pid);
	static const struct task unknown = { .pid = 0 };

	return side_of(made, task ? task : &unknown, cpu, DEFAULT_PRIORITY);
}

static void put_window(struct race_trace *made, const struct task *task)
{
	const struct capture_task *about = task->about;
	char role[LABEL] = "";
	struct argument_value said[] = {
		{ ARGUMENT_ROLE, role, 0 },
		{ ARGUMENT_INDEX, NULL, about ? about->index : 0 },
		{ ARGUMENT_TID, NULL, about ? about->tid : 0 },
		{ task->closed_ns ? ARGUMENT_NONE : ARGUMENT_CUT, NULL, 1 },
		{ ARGUMENT_NONE, NULL, 0 },
	};
	uint64_t track = trace_put_track_beside(made->trace, task->track, "timed window");
	uint64_t until = task->closed_ns ? task->closed_ns : made->last_ns;

	if (about)
		utf8_fit(about->role, role, sizeof(role));
	trace_begin(made->trace, track, task->opened_ns, (struct name){ NAME_WINDOW, 0, 0 },
		    about ? said : &said[3]);
	trace_end_slice(made->trace, track, until, NULL);
}

/* Of all timed windows together; *until is 0 where there is none. */
static void end_tasks(struct race_trace *made, uint64_t *from, uint64_t *until)
{
	struct task *task;

	*from = *until = 0;
	for (size_t i = 0; (task = tasks_at(made->tasks, i)); i++) {
		uint64_t closed = task->closed_ns ? task->closed_ns : made->last_ns;

		slices_end_all(made->trace, task, made->last_ns);
		if (!task_is_own(task) || !task->opened_ns)
			continue;
		put_window(made, task);
		if (!*until || task->opened_ns < *from)
			*from = task->opened_ns;
		if (closed > *until)
			*until = closed;
	}
}

static void put_race(struct race_trace *made, uint64_t from, uint64_t until)
{
	const struct capture_race *race = &made->race->race;
	char strategy[LABEL], mode[LABEL];
	const struct argument_value before[] = {
		{ ARGUMENT_STRATEGY, strategy, 0 },
		{ ARGUMENT_MODE, mode, 0 },
		{ ARGUMENT_WORKERS, NULL, race->workers },
		{ ARGUMENT_BATCH, race->batch ? NULL : "all", (int64_t)race->batch },
		{ ARGUMENT_REPEAT, NULL, race->repeat },
		{ ARGUMENT_SESSION_RESULT, NULL, (int64_t)race->result },
		{ ARGUMENT_NONE, NULL, 0 },
	};
	const struct argument_value behind[] = {
		{ ARGUMENT_EVENTS, NULL, (int64_t)made->race->events },
		{ ARGUMENT_LOST, NULL, (int64_t)made->race->end.lost },
		{ ARGUMENT_FILLED_IN, NULL, (int64_t)made->filled_in },
		{ ARGUMENT_NOT_SEEN, NULL, (int64_t)made->not_seen },
		{ made->race->ended ? ARGUMENT_NONE : ARGUMENT_CUT, NULL, 1 },
		{ ARGUMENT_NONE, NULL, 0 },
	};

	utf8_fit(race->strategy, strategy, sizeof(strategy));
	utf8_fit(race->mode, mode, sizeof(mode));
	trace_begin(made->trace, TRACK_RACES, made->first_ns, (struct name){ NAME_RACE, 0, 0 },
		    before);
	if (until) {
		trace_begin(made->trace, TRACK_RACES, from, (struct name){ NAME_RACING, 0, 0 },
			    NULL);
		trace_end_slice(made->trace, TRACK_RACES, until, NULL);
	}
	trace_end_slice(made->trace, TRACK_RACES, made->last_ns, behind);
}

int race_trace_end(struct race_trace *made)
{
	uint64_t from, until;
	int err;

	if (!made->last_ns)
		return cpus_end_race(made->cpus, 0, who_is, made);
	end_tasks(made, &from, &until);
	counters_end_race(&made->counters, made->trace, made->last_ns);
	put_race(made, from, until);
	err = cpus_end_race(made->cpus, made->last_ns, who_is, made);
	return err;
}
