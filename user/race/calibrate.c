/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/calibrate.h"

#include <errno.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "race/pin.h"
#include "strategy/shape.h"

/*
 * Long enough for a tick of the scheduler to come in each or every other one, as it comes in races:
 * with 40 us, work took 4 % longer than it should.
 */
#define LONG_STEPS 2500000
#define SHORT_STEPS 10
#define SHORT_CALLS 1000
#define ROUNDS 11

/* Others may be on the CPU as well, and are none of the work. */
static uint64_t cpu_now_ns(void)
{
	return clock_read_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* Nanoseconds a call. */
static double time_work(uint64_t steps, unsigned int calls)
{
	uint64_t start_ns = cpu_now_ns();

	for (unsigned int i = 0; i < calls; i++)
		shape_work(steps);
	return (double)(cpu_now_ns() - start_ns) / calls;
}

/* Nanoseconds a pass that is shaped, and has nothing to do. */
static double time_passes(unsigned int passes)
{
	struct race_shape shape = { 0 };
	struct race race = { .workers = 1, .iterations = RACE_NO_LIMIT, .shapes = &shape };
	struct worker worker = { .race = &race };
	uint64_t before_ns = cpu_now_ns(), start_ns;

	for (unsigned int i = 0; i < passes; i++) {
		shape_next(&worker, i, &start_ns);
		shape_inside(&worker);
		shape_end(&worker, start_ns);
	}
	return (double)(cpu_now_ns() - before_ns) / passes;
}

/* On the CPU that we are on. What is short and what is long lie on a line. */
static struct work_rate measure(int cpu)
{
	double few_ns[ROUNDS], many_ns[ROUNDS], pass_ns[ROUNDS];
	double few, step_ns;

	for (int i = 0; i < ROUNDS; i++) {
		few_ns[i] = time_work(SHORT_STEPS, SHORT_CALLS);
		many_ns[i] = time_work(LONG_STEPS, 1);
		pass_ns[i] = time_passes(SHORT_CALLS);
	}
	few = gsl_stats_median(few_ns, 1, ROUNDS);
	step_ns = (gsl_stats_median(many_ns, 1, ROUNDS) - few) / (LONG_STEPS - SHORT_STEPS);
	return (struct work_rate){
		.cpu = cpu,
		.step_ns = step_ns,
		/* On a machine that changes meanwhile the line may cross zero below it. */
		.fixed_ns = fmax(0, few - SHORT_STEPS * step_ns),
		.pass_ns = gsl_stats_median(pass_ns, 1, ROUNDS),
	};
}

static int measure_all(const int *cpus, struct work_rates *rates, double *values)
{
	double *steps = values, *fixed = values + rates->n, *passes = values + 2 * rates->n;

	for (size_t i = 0; i < rates->n; i++) {
		int err = pin_to(cpus[i]);

		if (err)
			return err;
		rates->rates[i] = measure(cpus[i]);
		steps[i] = rates->rates[i].step_ns;
		fixed[i] = rates->rates[i].fixed_ns;
		passes[i] = rates->rates[i].pass_ns;
	}
	rates->any = (struct work_rate){
		.cpu = -1,
		.step_ns = gsl_stats_median(steps, 1, rates->n),
		.fixed_ns = gsl_stats_median(fixed, 1, rates->n),
		.pass_ns = gsl_stats_median(passes, 1, rates->n),
	};
	return 0;
}

int calibrate(const int *cpus, size_t n_cpus, struct work_rates *rates)
{
	uint64_t start_ns = clock_now_ns();
	double *values = calloc(3 * n_cpus, sizeof(*values));
	struct pinning before;
	int err = pin_save(&before);

	*rates = (struct work_rates){ .n = n_cpus };
	rates->rates = calloc(n_cpus, sizeof(*rates->rates));
	if (!err && (!values || !rates->rates))
		err = -ENOMEM;
	if (!err)
		err = measure_all(cpus, rates, values);
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

uint64_t work_steps(const struct work_rates *rates, int cpu, uint64_t ns, bool alone)
{
	const struct work_rate *rate = &rates->any;
	double steps;

	for (size_t i = 0; i < rates->n; i++)
		if (rates->rates[i].cpu == cpu)
			rate = &rates->rates[i];
	steps = ((double)ns - rate->fixed_ns - (alone ? rate->pass_ns : 0)) / rate->step_ns + 0.5;
	return ns == 0 ? 0 : steps < 1 ? 1 : (uint64_t)steps;
}
