/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Empty programs where the probe would have its own: what the kernel charges for calling a program at
 * all, the floor below which no probe can come. To be measured against, never part of a session.
 */
#ifndef PROBE_FLOOR_H
#define PROBE_FLOOR_H

#include <stdbool.h>

#include "base/level.h"

struct floor;

/* Returns 0 or a negative errno; free with floor_free(). */
int floor_load(struct floor **floor);
void floor_free(struct floor *floor); /* NULL is fine */

/* As probe_attach() and probe_detach(), for a race with that level and those CPUs. */
int floor_attach(struct floor *floor, enum level level, bool one_cpu);
void floor_detach(struct floor *floor);

#endif
