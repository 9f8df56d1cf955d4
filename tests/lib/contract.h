/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session file written by hand, with every key that there is, in the documented order; and a way
 * to change one value of it. For check programs, which run at the top of the source.
 */
#ifndef TRACEBENCH_TESTS_CONTRACT_H
#define TRACEBENCH_TESTS_CONTRACT_H

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONTRACT "tests/unit/fixtures/contract.json"

static inline json_t *contract(void)
{
	json_error_t error;
	json_t *tree = json_load_file(CONTRACT, 0, &error);

	ck_assert_msg(tree != NULL, CONTRACT ":%d: %s", error.line, error.text);
	return tree;
}

/* Puts `value` at "a.b[3].c"; NULL removes the last key. */
static inline void put(json_t *at, const char *path, json_t *value)
{
	char key[64];
	int length;

	for (;;) {
		length = (int)strcspn(path, ".[]");
		snprintf(key, sizeof(key), "%.*s", length, path);
		path += length;
		path += strspn(path, ".]");
		if (!*path)
			break;
		if (json_is_array(at))
			at = json_array_get(at, (size_t)atol(key));
		else
			at = json_object_get(at, key);
		ck_assert_ptr_nonnull(at);
		path += *path == '[';
	}
	if (json_is_array(at))
		ck_assert_int_eq(json_array_set_new(at, (size_t)atol(key), value), 0);
	else if (value)
		json_object_set_new(at, key, value);
	else
		json_object_del(at, key);
}

#endif
