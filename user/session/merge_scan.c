/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was scanned, and where it is null because it says nothing. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "session/fields.h"
#include "session/merge.h"

#define KEY_BYTES 64

/* "read_share" of --read-share, "duration_ns" of --duration. */
static void key_of(const struct scan_key *scanned, char key[static KEY_BYTES])
{
	const struct option_spec *spec = scanned->spec;

	snprintf(key, KEY_BYTES, "%s%s", spec->name, spec->kind == KIND_DURATION ? "_ns" : "");
	for (char *c = key; *c; c++)
		if (*c == '-')
			*c = '_';
}

static int merge_values(const struct scan_key *scanned, struct scanned *record)
{
	bool has_all = scanned->spec->kind == KIND_COUNT_OR_ALL;
	char key[KEY_BYTES];

	record->values = calloc(scanned->n_values, sizeof(*record->values));
	if (!record->values)
		return -ENOMEM;
	for (size_t i = 0; i < scanned->n_values; i++)
		record->values[record->n_values++] = has_all && scanned->values[i] == 0 ?
							     VALUE_ALL :
							     (int64_t)scanned->values[i];
	key_of(scanned, key);
	return merge_text(&record->key, key);
}

static void forget(const struct shape *shape, void *object, const struct scan_key *scanned)
{
	char key[KEY_BYTES];
	int64_t *member;

	key_of(scanned, key);
	member = fields_integer(shape, object, key);
	if (member)
		*member = NO_INT;
}

int merge_scan(const struct scan *scan, struct plan_record *record)
{
	int err = 0;

	record->scan = calloc(scan->n_keys + 1, sizeof(*record->scan));
	if (!record->scan)
		return -ENOMEM;
	for (size_t i = 0; i < scan->n_keys && !err; i++) {
		err = merge_values(&scan->keys[i], &record->scan[record->n_scan++]);
		forget(&plan_record_shape, record, &scan->keys[i]);
	}
	return err;
}

void merge_unscanned(const struct scan *scan, const struct strategy *strategy,
		     struct result *result)
{
	for (size_t i = 0; i < scan->n_keys; i++)
		if (!scan_concerns(&scan->keys[i], strategy))
			forget(&result_shape, result, &scan->keys[i]);
}
