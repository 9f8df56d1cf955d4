/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/calibrate.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "base/clock.h"
#include "race/pin.h"
#include "strategy/shape.h"

/* Long enough for the clock's own cost, short enough that most are done in one time slice. */
#define LONG_STEPS 50000
#define SHORT_STEPS 10
#define SHORT_CALLS 1000
#define ROUNDS 21

static int compare_doubles(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare_doubles);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

/* Nanoseconds a call. */
static double time_work(uint64_t steps, unsigned int calls)
{
	uint64_t start_ns = clock_now_ns();

	for (unsigned int i = 0; i < calls; i++)
		shape_work(steps);
	return (double)(clock_now_ns() - start_ns) / calls;
}

/* On the CPU that we are on. What is short and what is long lie on a line. */
static struct work_rate measure(int cpu)
{
	double few_ns[ROUNDS], many_ns[ROUNDS];
	double few, step_ns;

	for (int i = 0; i < ROUNDS; i++) {
		few_ns[i] = time_work(SHORT_STEPS, SHORT_CALLS);
		many_ns[i] = time_work(LONG_STEPS, 1);
	}
	few = median(few_ns, ROUNDS);
	step_ns = (median(many_ns, ROUNDS) - few) / (LONG_STEPS - SHORT_STEPS);
	return (struct work_rate){
		.cpu = cpu,
		.step_ns = step_ns,
		.fixed_ns = few - SHORT_STEPS * step_ns,
	};
}

static int measure_all(const int *cpus, struct work_rates *rates, double *steps, double *fixed)
{
	for (size_t i = 0; i < rates->n; i++) {
		int err = pin_to(cpus[i]);

		if (err)
			return err;
		rates->rates[i] = measure(cpus[i]);
		steps[i] = rates->rates[i].step_ns;
		fixed[i] = rates->rates[i].fixed_ns;
	}
	rates->any = (struct work_rate){
		.cpu = -1,
		.step_ns = median(steps, rates->n),
		.fixed_ns = median(fixed, rates->n),
	};
	return 0;
}

int calibrate(const int *cpus, size_t n_cpus, struct work_rates *rates)
{
	uint64_t start_ns = clock_now_ns();
	double *values = calloc(2 * n_cpus, sizeof(*values));
	struct pinning before;
	int err = pin_save(&before);

	*rates = (struct work_rates){ .n = n_cpus };
	rates->rates = calloc(n_cpus, sizeof(*rates->rates));
	if (!err && (!values || !rates->rates))
		err = -ENOMEM;
	if (!err)
		err = measure_all(cpus, rates, values, values + n_cpus);
	pin_restore(&before);
	free(values);
	rates->took_ns = clock_now_ns() - start_ns;
	return err;
}

void work_rates_free(struct work_rates *rates)
{
	free(rates->rates);
	*rates = (struct work_rates){ 0 };
}

uint64_t work_steps(const struct work_rates *rates, int cpu, uint64_t ns)
{
	const struct work_rate *rate = &rates->any;
	double steps;

	for (size_t i = 0; i < rates->n; i++)
		if (rates->rates[i].cpu == cpu)
			rate = &rates->rates[i];
	steps = ((double)ns - rate->fixed_ns) / rate->step_ns + 0.5;
	return ns == 0 ? 0 : steps < 1 ? 1 : (uint64_t)steps;
}
