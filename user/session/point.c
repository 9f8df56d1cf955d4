/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/point.h"

#include "session/fields.h"

static int64_t value_of(const struct result *result, const char *key)
{
	const int64_t *value = fields_integer(&result_shape, (void *)(uintptr_t)result, key);

	return value ? *value : NO_INT;
}

bool point_is_shared(const struct plan_record *plan, const struct result *a, const struct result *b)
{
	for (size_t i = 0; i < plan->n_scan; i++) {
		int64_t left = value_of(a, plan->scan[i].key);
		int64_t right = value_of(b, plan->scan[i].key);

		if (left != NO_INT && right != NO_INT && left != right)
			return false;
	}
	return true;
}
