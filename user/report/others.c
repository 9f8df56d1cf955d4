/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the budget's table has no column for: sleeps by system call, and who worked on the side. */
#include "report/said.h"
#include "session/derive.h"
#include "session/number.h"

#define CALLS_SHOWN 5

static bool slept_in_other(const struct result *result)
{
	const struct sleeps *sleeps = derive_believed(result);

	return sleeps && sleeps->n_other > 0;
}

static void put_others(const struct result *result, FILE *out)
{
	const struct sleeps *sleeps = derive_sleeps(result);
	size_t n = sleeps->n_other < CALLS_SHOWN ? sleeps->n_other : CALLS_SHOWN;
	char text[NUMBER_TEXT];
	const char *unit;

	for (size_t i = 0; i < n; i++) {
		const struct other_wait *wait = &sleeps->other[i];

		number_time(text, derive_real(wait->wait_ns), &unit);
		fprintf(out, "%s%s %s %s in ", i ? ", " : "", wait->name, text, unit);
		view_put_count(out, wait->slept);
	}
	if (n < sleeps->n_other)
		fprintf(out, ", and %zu more", sleeps->n_other - n);
}

int others_write(const struct view *view, FILE *out)
{
	static const struct said said = {
		.title = "OTHER:",
		.what = "the system calls behind it, how long in all, and in how many sleeps",
		.applies = slept_in_other,
		.put = put_others,
	};

	return said_write(view, out, &said);
}

static bool has_kernel_threads(const struct result *result)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	return sleeps && sleeps->kernel_threads;
}

static void put_kernel_threads(const struct result *result, FILE *out)
{
	const struct kernel_threads *threads = derive_sleeps(result)->kernel_threads;
	char text[NUMBER_TEXT];
	const char *unit;

	number_time(text, derive_real(threads->on_cpu_ns), &unit);
	view_put_count(out, threads->tasks);
	fprintf(out, threads->tasks == 1 ? " thread, %s %s on CPU, " : " threads, %s %s on CPU, ",
		text, unit);
	view_put_count(out, threads->switches.voluntary);
	fputs(" sleeps, ", out);
	view_put_count(out, threads->switches.involuntary);
	fputs(" times preempted", out);
}

int kernel_threads_write(const struct view *view, FILE *out)
{
	static const struct said said = {
		.title = "Kernel threads:",
		.what = "io_uring's, which worked for the tasks and are in no row; over their whole "
			"lives",
		.applies = has_kernel_threads,
		.put = put_kernel_threads,
	};

	return said_write(view, out, &said);
}
