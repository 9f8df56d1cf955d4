/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/doctor_cost.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/exit.h"
#include "base/log.h"
#include "command/confine.h"
#include "command/interrupt.h"
#include "command/output.h"
#include "command/untraced.h"
#include "plan/machine.h"

#define RACE_NS (25 * NS_PER_MS)

static int find_cpu(int *cpu)
{
	struct machine machine;
	int err = machine_read(&machine);

	if (err)
		return err;
	*cpu = machine.cpus[0];
	machine_free(&machine);
	return 0;
}

/* The probe, and the programs that it is compared with; EXIT_DONE when both are there. */
static int load(struct doctor_cost *cost)
{
	const struct probe_options options = { .max_tasks = COST_TASKS,
					       .calls = true,
					       .wakers = true };
	char reason[UNTRACED_REASON];
	int err = probe_load(&options, &cost->probe);

	if (!err)
		err = floor_load(&cost->floor);
	if (!err)
		return EXIT_DONE;
	untraced_find_reason(err, reason);
	log_error("--cost: %s. See `tracebench doctor`", reason);
	return EXIT_NOT_TRACED;
}

/* What takes more rights than racing does comes first. */
static int set_up(struct doctor_cost *cost, int interrupt_fd)
{
	/* Stacks take a probe of their own, which is not loaded here. */
	struct own_cost_pass pass = { .levels = OWN_COST_LEVELS & ~(1U << LEVEL_STACKS),
				      .interrupt_fd = interrupt_fd };
	int code, err;

	confine_objects();
	if (output_check() || find_cpu(&cost->cpu))
		return EXIT_FAILED;
	code = load(cost);
	if (code != EXIT_DONE)
		return code;
	pass.cpu = cost->cpu;
	if (!probe_sees_calls(cost->probe))
		pass.levels &= ~(1U << LEVEL_CALLS);
	err = own_cost_measure(cost->probe, &pass, &cost->own);
	if (err)
		log_error("--cost: %s", strerror(-err));
	return err || confine(false, true) ? EXIT_FAILED : EXIT_DONE;
}

static int measure_and_show(struct doctor_cost *cost, int *interrupt_fd)
{
	const struct cost_options options = {
		.probe = cost->probe,
		.floor = cost->floor,
		.cpu = cost->cpu,
		.race_ns = cost->race_ns,
		.interrupt_fd = *interrupt_fd,
	};
	char reason[COST_REASON];
	int err = interrupt_came(*interrupt_fd) ? -EINTR :
						  cost_measure(&options, &cost->finding, reason);

	if (err == -EINTR) {
		interrupt_acknowledge(interrupt_fd, "not all was measured, so nothing is shown");
		return EXIT_INTERRUPTED;
	}
	if (err) {
		log_error("--cost: %s", reason);
		return EXIT_FAILED;
	}
	err = output_draw(doctor_cost_draw, cost, false, *interrupt_fd);
	return interrupt_conclude(interrupt_fd, err, err ? EXIT_FAILED : EXIT_DONE);
}

int doctor_cost(void)
{
	struct doctor_cost cost = { .race_ns = RACE_NS };
	int interrupt_fd = interrupt_open();
	int code = EXIT_FAILED;

	if (interrupt_fd < 0)
		return code;
	code = set_up(&cost, interrupt_fd);
	if (code == EXIT_DONE)
		code = measure_and_show(&cost, &interrupt_fd);
	own_cost_free(&cost.own);
	floor_free(cost.floor);
	probe_free(cost.probe);
	interrupt_close(interrupt_fd);
	return code;
}
