/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/traced_race.h"

#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/hint.h"

static struct tb_mutexes mutexes_of(const struct strategy *strategy)
{
	return (struct tb_mutexes){
		.first = strategy->mutexes.first,
		.stride = strategy->mutexes.stride,
		.owner = offsetof(pthread_mutex_t, __data.__owner),
	};
}

void race_run_traced(struct probe *probe, enum level level, struct race_spec *spec,
		     struct race_outcome *outcome)
{
	const struct tb_mutexes mutexes = mutexes_of(spec->strategy);
	int err;

	probe_mutexes(probe, &mutexes);
	err = probe_attach(probe, level, race_is_on_one_cpu(spec));

	if (err) {
		*outcome = (struct race_outcome){ .status = RACE_FAILED };
		snprintf(outcome->reason, sizeof(outcome->reason),
			 "the probe cannot be attached: %s%s", strerror(-err), limit_hint(-err));
		return;
	}
	spec->slots = probe_slots(probe, &spec->n_slots);
	if (!spec->before_start) {
		spec->before_start = probe_target;
		spec->context = probe;
	}
	race_run(spec, outcome);
	probe_detach(probe);
}
