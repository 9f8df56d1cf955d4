/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "race/calibrate.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>

#include "base/clock.h"
#include "race/pin.h"
#include "strategy/shape.h"

/* Long enough for the clock's own cost, short enough that most are done in one time slice. */
#define STEPS 50000
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

static double measure(void)
{
	double step_ns[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start_ns = clock_now_ns();

		shape_work(STEPS);
		step_ns[i] = (double)(clock_now_ns() - start_ns) / STEPS;
	}
	return median(step_ns, ROUNDS);
}

static int measure_all(const int *cpus, struct work_rates *rates, double *values)
{
	for (size_t i = 0; i < rates->n; i++) {
		int err = pin_to(cpus[i]);

		if (err)
			return err;
		values[i] = measure();
		rates->rates[i] = (struct work_rate){ cpus[i], values[i] };
	}
	rates->step_ns = median(values, rates->n);
	return 0;
}

int calibrate(const int *cpus, size_t n_cpus, struct work_rates *rates)
{
	uint64_t start_ns = clock_now_ns();
	double *values = calloc(n_cpus, sizeof(*values));
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

uint64_t work_steps(const struct work_rates *rates, int cpu, uint64_t ns)
{
	double step_ns = rates->step_ns;

	for (size_t i = 0; i < rates->n; i++)
		if (rates->rates[i].cpu == cpu)
			step_ns = rates->rates[i].step_ns;
	return (uint64_t)((double)ns / step_ns + 0.5);
}
