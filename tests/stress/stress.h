/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Locks under stress: four threads take turns at one, with delays of random length between any two
 * of its steps, so that orders of events which are rare in life are common here.
 *
 * The same headers are compiled several times over, once as they are and once for each planted bug,
 * which is a few macros that come before them. A lock with a bug must be found out, or the stress
 * would be none.
 */
#ifndef TRACEBENCH_TESTS_STRESS_H
#define TRACEBENCH_TESTS_STRESS_H

#include <stdbool.h>
#include <stddef.h>

#define STRESS_TASKS 4

/* Between two steps. */
void stress_step(void);
#define RACE_STEP() stress_step()

struct stress_lock {
	const char *name;
	bool sleeps; /* so wake-ups can be lost */
	size_t bytes; /* of zeroed memory, aligned to 128 */
	void (*init)(void *lock);
	void (*take)(void *lock, unsigned int task);
	void (*give)(void *lock, unsigned int task);
};

/* Each in the same order, and ended by one without a name. */
extern const struct stress_lock stress_right[];
extern const struct stress_lock stress_torn[];
extern const struct stress_lock stress_unwoken[];
extern const struct stress_lock stress_relaxed[];

/*
 * Runs them in a process of their own, a fixed number of turns each. Returns NULL when the lock
 * kept them apart and all came to their end, else what went wrong, as text that is static. Nobody's
 * getting on for patience_s seconds is a hang. Aborts where there is no process or thread for it.
 */
const char *stress_run(const struct stress_lock *lock, unsigned int patience_s);

#endif
