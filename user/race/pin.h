/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On which CPUs the calling thread may run. */
#ifndef RACE_PIN_H
#define RACE_PIN_H

#include <sched.h>
#include <stddef.h>

struct pinning {
	cpu_set_t *set;
	size_t bytes;
};

/* On that CPU alone; anywhere for -1, where nothing is changed. Returns 0 or a negative errno. */
int pin_to(int cpu);

/* Where it may run now. Returns 0 or a negative errno; give it back with pin_restore() either way. */
int pin_save(struct pinning *pinning);
void pin_restore(struct pinning *pinning);

#endif
