/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/condition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int append(struct condition **conditions, size_t *n, size_t n_tasks)
{
	struct condition *grown = realloc(*conditions, (*n + 1) * sizeof(*grown));
	int64_t *placement = calloc(n_tasks, sizeof(*placement));

	if (grown)
		*conditions = grown;
	if (!grown || !placement) {
		free(placement);
		return -ENOMEM;
	}
	grown[(*n)++] = (struct condition){ .placement = placement, .n_placement = n_tasks };
	return 0;
}

int record_add_condition(struct record *record, const struct race_outcome *outcome,
			 const struct taken *taken)
{
	struct condition *condition;

	if (record->ns_per_op.n == record->n_conditions)
		return 0;
	if (append(&record->conditions, &record->n_conditions, outcome->n_tasks))
		return -ENOMEM;
	condition = &record->conditions[record->n_conditions - 1];
	for (unsigned int i = 0; i < outcome->n_tasks; i++)
		condition->placement[i] = outcome->tasks[i].cpu;
	condition->overlap_ratio = record->overlap.values[record->n_conditions - 1];
	condition->steal_ns = taken->steal_ns;
	condition->throttled_ns = taken->throttled_ns;
	return 0;
}

int conditions_copy(const struct record *record, struct result *result)
{
	for (size_t i = 0; i < record->n_conditions; i++) {
		const struct condition *from = &record->conditions[i];
		struct condition *to;
		int64_t *placement;

		if (append(&result->conditions, &result->n_conditions, from->n_placement))
			return -ENOMEM;
		to = &result->conditions[i];
		placement = to->placement;
		memcpy(placement, from->placement, from->n_placement * sizeof(*placement));
		*to = *from;
		to->placement = placement;
	}
	return 0;
}

void conditions_free(struct condition *conditions, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(conditions[i].placement);
	free(conditions);
}
