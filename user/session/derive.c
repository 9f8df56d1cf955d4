/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/derive.h"

#include <math.h>
#include <stdint.h>

double derive_real(int64_t number)
{
	return number == NO_INT ? NAN : (double)number;
}

double derive_percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : NAN;
}

double derive_per_kop(double count, double ops)
{
	return ops > 0 ? 1000 * count / ops : NAN;
}

double derive_half_width_percent(const struct estimate *estimate)
{
	double above = estimate->ci95[1] - estimate->median;
	double below = estimate->median - estimate->ci95[0];

	return derive_percent(isfinite(below) ? fmax(above, below) : NAN, estimate->median);
}

double derive_blocked_ns(const struct blocked *blocked)
{
	return derive_real(blocked->futex) + derive_real(blocked->pipe) +
	       derive_real(blocked->eventfd) + derive_real(blocked->socket) +
	       derive_real(blocked->mqueue) + derive_real(blocked->sysv) +
	       derive_real(blocked->io_uring) + derive_real(blocked->kernel_lock) +
	       derive_real(blocked->sleep) + derive_real(blocked->page_fault) +
	       derive_real(blocked->other);
}

double derive_unaccounted_percent(const struct budget *budget)
{
	return derive_percent(fabs(derive_real(budget->unaccounted)), derive_real(budget->wall));
}

double derive_untraced_ops(const struct result *result)
{
	const struct estimate *wall = &result->time.wall_ns;
	const struct estimate *cost = &result->time.ns_per_op;
	double ops = 0;
	size_t i;

	if (!wall->n_samples || wall->n_samples != cost->n_samples)
		return NAN;
	for (i = 0; i < wall->n_samples; i++)
		ops += wall->samples[i] / cost->samples[i];
	return ops;
}

double derive_untraced_switches_per_kop(const struct result *result)
{
	return derive_per_kop(derive_real(result->rusage.voluntary) +
				      derive_real(result->rusage.involuntary),
			      derive_untraced_ops(result));
}

const struct sleeps *derive_sleeps(const struct result *result)
{
	return result->status == RESULT_OK && result->kernel ? result->kernel->sleeps : NULL;
}

const struct sleeps *derive_believed(const struct result *result)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	return sleeps && sleeps->reconciled.ok ? sleeps : NULL;
}

const struct calls *derive_calls(const struct result *result)
{
	return result->status == RESULT_OK && result->kernel ? result->kernel->calls : NULL;
}

const struct timeline_view *derive_timeline(const struct result *result)
{
	return result->status == RESULT_OK && result->kernel ? result->kernel->timeline : NULL;
}

const struct calls *derive_believed_calls(const struct result *result)
{
	const struct calls *calls = derive_calls(result);

	return calls && calls->reconciled.ok ? calls : NULL;
}

size_t derive_watched(const struct result *result, struct watched watched[WATCHED_LEVELS])
{
	const struct sleeps *sleeps = derive_sleeps(result);
	const struct calls *calls = derive_calls(result);
	const struct timeline_view *timeline = derive_timeline(result);
	size_t n = 0;

	if (sleeps)
		watched[n++] = (struct watched){ "sleeps", &sleeps->lost, &sleeps->reconciled,
						 &sleeps->slowdown, &sleeps->budget };
	if (calls)
		watched[n++] = (struct watched){ "calls", &calls->lost, &calls->reconciled,
						 &calls->slowdown, NULL };
	if (sleeps && sleeps->wakers)
		watched[n++] = (struct watched){ "wakers", &sleeps->wakers->lost,
						 &sleeps->wakers->reconciled,
						 &sleeps->wakers->slowdown, NULL };
	if (result->kernel && result->kernel->stack_pass)
		watched[n++] = (struct watched){ "stacks", &result->kernel->stack_pass->lost,
						 &result->kernel->stack_pass->reconciled,
						 &result->kernel->stack_pass->slowdown, NULL };
	if (timeline)
		watched[n++] = (struct watched){ "timeline", &timeline->lost, &timeline->reconciled,
						 &timeline->slowdown, NULL };
	return n;
}

bool derive_is_believed(const struct result *result)
{
	struct watched watched[WATCHED_LEVELS];
	size_t n = derive_watched(result, watched);
	size_t i;

	for (i = 0; i < n; i++)
		if (!watched[i].reconciled->ok)
			return false;
	return n > 0;
}

bool derive_has_stacks(const struct session *session)
{
	for (size_t i = 0; i < session->n_results; i++)
		if (session->results[i].kernel && session->results[i].kernel->stack_pass)
			return true;
	return false;
}

int64_t derive_syscalls(const struct calls *calls)
{
	int64_t sum = 0;
	size_t i;

	for (i = 0; i < calls->n_syscalls; i++)
		if (__builtin_add_overflow(sum, calls->syscalls[i].count, &sum))
			return INT64_MAX;
	return sum;
}

struct cpu_shares derive_cpu_shares(const struct result *result)
{
	const struct calls *calls = derive_believed_calls(result);
	double user, system, crossing, all;

	if (!calls)
		return (struct cpu_shares){ NAN, NAN, NAN };
	user = derive_real(calls->on_cpu_ns.user);
	system = derive_real(calls->on_cpu_ns.system);
	crossing = derive_real(calls->on_cpu_ns.crossing);
	all = user + system + crossing;
	if (!(all > 0))
		return (struct cpu_shares){ NAN, NAN, NAN };
	return (struct cpu_shares){ user / all, system / all, crossing / all };
}

double derive_system_percent(const struct result *result)
{
	struct cpu_shares shares = derive_cpu_shares(result);

	return 100 * (shares.system + shares.crossing);
}

double derive_instructions_per_cycle(const struct hardware *hardware)
{
	if (!hardware || hardware->cycles == 0)
		return NAN;
	return derive_real(hardware->instructions) / derive_real(hardware->cycles);
}
