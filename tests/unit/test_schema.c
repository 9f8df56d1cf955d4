/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * docs/session.schema.json describes every member that session/fields.c has, and no other.
 *
 * SCHEMA_UPDATE=1 in the environment rewrites it: what is missing or of another kind is put in, what is
 * gone is taken out, all else stays. A description for what is new is then written by hand.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "session/fields.h"
#include "session/schema.h"
#include "session/session.h"

#define SCHEMA "docs/session.schema.json"
#define HOW "; SCHEMA_UPDATE=1 build/tests/unit/test_schema corrects it"

static json_t *schema;
static bool updating;
static char *complaints;
static size_t complaints_size;
static FILE *said;

/* Where in a session file, for people. */
static void complain(const char *path, const char *what)
{
	fprintf(said, SCHEMA ": %s: %s" HOW "\n", path, what);
}

/* The definition that a node refers to, or the node. */
static json_t *resolved(json_t *node)
{
	const char *reference = json_string_value(json_object_get(node, "$ref"));
	json_t *definitions = json_object_get(schema, "$defs");

	if (!reference)
		return node;
	ck_assert_msg(!strncmp(reference, "#/$defs/", 8), "%s", reference);
	node = json_object_get(definitions, reference + 8);
	ck_assert_msg(node != NULL, "no %s", reference);
	return node;
}

/* What the node says besides words for people. */
static bool is_same(json_t *node, json_t *want)
{
	json_t *bare = json_copy(node);
	bool same;

	json_object_del(bare, "description");
	same = json_equal(bare, want);
	json_decref(bare);
	return same;
}

static json_t *reference_to(const char *name)
{
	char reference[80];

	snprintf(reference, sizeof(reference), "#/$defs/%s", name);
	return json_pack("{s:s}", "$ref", reference);
}

static json_t *enumeration(const struct field *field)
{
	json_t *names = json_array();

	for (size_t i = 0; field->choices[i]; i++)
		json_array_append_new(names, json_string(field->choices[i]));
	return json_pack("{s:o}", "enum", names);
}

/* What stands for one value; NULL: an object or a list. */
static json_t *leaf(const struct field *field)
{
	static const char *const names[] = {
		[FIELD_INT] = "integer", [FIELD_COUNT] = "count",	  [FIELD_BATCH] = "batch",
		[FIELD_REAL] = "real",	 [FIELD_PAIR] = "interval",	  [FIELD_BOOL] = "boolean",
		[FIELD_NAME] = "name",	 [FIELD_STRING] = "string",	  [FIELD_BIN] = "bin",
		[FIELD_LIST] = NULL,	 [FIELD_VALUE] = "scanned_value",
	};

	if (field->kind == FIELD_CHOICE)
		return enumeration(field);
	return names[field->kind] ? reference_to(names[field->kind]) : NULL;
}

static void check_object(const char *path, json_t *object, const struct shape *shape);

/* Shapes that are met, and what refers to each. */
static struct {
	const struct shape *shape;
	json_t *reference;
} met[256];
static size_t n_met;

static json_t *reference_met(const struct shape *shape)
{
	for (size_t i = 0; i < n_met; i++)
		if (met[i].shape == shape)
			return met[i].reference;
	return NULL;
}

static void meet(const struct shape *shape, json_t *reference)
{
	if (reference_met(shape))
		return;
	ck_assert_uint_lt(n_met, sizeof(met) / sizeof(met[0]));
	met[n_met].shape = shape;
	met[n_met++].reference = json_deep_copy(reference);
}

/* A definition of an object that has none, named as the member is. */
static json_t *define(const struct field *field)
{
	json_t *definitions = json_object_get(schema, "$defs");
	char name[64];

	if (reference_met(field->shape))
		return json_deep_copy(reference_met(field->shape));
	snprintf(name, sizeof(name), "%s", field->key);
	for (int i = 2; json_object_get(definitions, name); i++)
		snprintf(name, sizeof(name), "%s_%d", field->key, i);
	json_object_set_new(definitions, name,
			    json_pack("{s:s, s:[], s:{}}", "type", "object", "required",
				      "properties"));
	return reference_to(name);
}

/* What is between the member and the object that it holds, if any; NULL: it is not of that kind. */
static json_t *inner_of(const struct field *field, json_t *node)
{
	json_t *either = json_object_get(node, "anyOf"), *type = json_object_get(node, "type");

	if (field->kind == FIELD_OBJECT)
		return node;
	if (field->kind == FIELD_OPTIONAL) {
		const char *other =
			json_string_value(json_object_get(json_array_get(either, 1), "type"));

		return other && !strcmp(other, "null") ? json_array_get(either, 0) : NULL;
	}
	if (field->nullable != json_is_array(type))
		return NULL;
	return json_object_get(node, "items");
}

static json_t *made(const struct field *field)
{
	const struct field element = field_element(field);
	json_t *inner = leaf(field->kind == FIELD_LIST ? &element : field);

	if (!inner)
		inner = define(field);
	if (field->kind == FIELD_OPTIONAL)
		return json_pack("{s:[o, {s:s}]}", "anyOf", inner, "type", "null");
	if (field->kind == FIELD_LIST && field->nullable)
		return json_pack("{s:[s, s], s:o}", "type", "array", "null", "items", inner);
	if (field->kind == FIELD_LIST)
		return json_pack("{s:s, s:o}", "type", "array", "items", inner);
	return inner;
}

/* Whether the node is of the member's kind, and if so what is in it. */
static bool check_member(const char *path, json_t *node, const struct field *field)
{
	const struct field element = field_element(field);
	const struct field *holds = field->kind == FIELD_LIST ? &element : field;
	json_t *want = leaf(holds), *inner = want ? NULL : inner_of(field, node);
	bool same;

	if (want && field->kind == FIELD_LIST)
		inner = inner_of(field, node);
	if (want) {
		same = is_same(field->kind == FIELD_LIST ? inner : node, want);
		json_decref(want);
		return same;
	}
	if (!inner || !json_object_get(inner, "$ref"))
		return false;
	/* What two members have in common is complained of once. */
	if (json_equal(reference_met(field->shape), inner))
		return true;
	meet(field->shape, inner);
	check_object(path, resolved(inner), field->shape);
	return true;
}

static void put(json_t *object, const struct field *field)
{
	json_t *properties = json_object_get(object, "properties");
	json_t *required = json_object_get(object, "required");

	if (!json_object_get(properties, field->key) && !field->spared)
		json_array_append_new(required, json_string(field->key));
	json_object_set_new(properties, field->key, made(field));
}

static void check_field(const char *path, json_t *object, const struct field *field)
{
	json_t *node = json_object_get(json_object_get(object, "properties"), field->key);

	if (node && check_member(path, node, field))
		return;
	if (updating) {
		put(object, field);
		node = json_object_get(json_object_get(object, "properties"), field->key);
		ck_assert(check_member(path, node, field));
		return;
	}
	complain(path, node ? "is of another kind in session/fields.c" :
			      "is in session/fields.c and not here");
}

static const struct field *find(const struct shape *shape, const char *key)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		if (shape->fields[i].key && !strcmp(shape->fields[i].key, key))
			return &shape->fields[i];
	return NULL;
}

static void forget(json_t *object, const char *key)
{
	json_t *required = json_object_get(object, "required");

	for (size_t i = json_array_size(required); i-- > 0;)
		if (!strcmp(json_string_value(json_array_get(required, i)), key))
			json_array_remove(required, i);
	json_object_del(json_object_get(object, "properties"), key);
}

/* What the reader asks for is required, not what may be left out, and nothing is described that is not there. */
static void check_others(const char *path, json_t *object, const struct shape *shape)
{
	json_t *properties = json_object_get(object, "properties"), *node;
	size_t required = 0;
	const struct field *field;
	const char *key;
	void *next;

	json_object_foreach_safe(properties, next, key, node) {
		field = find(shape, key);
		if (field || (!*path && !strcmp(key, "schema")))
			required += !field || !field->spared;
		else if (updating)
			forget(object, key);
		else
			fprintf(said, SCHEMA ": %s.%s: is not in session/fields.c" HOW "\n", path,
				key);
	}
	if (!updating && json_array_size(json_object_get(object, "required")) != required)
		complain(path, "'required' does not name all members");
}

static void check_object(const char *path, json_t *object, const struct shape *shape)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *field = &shape->fields[i];
		char member[256];

		if (!field->key)
			continue;
		snprintf(member, sizeof(member), "%s%s%s%s", path, *path ? "." : "", field->key,
			 field->kind == FIELD_LIST ? "[]" : "");
		check_field(member, object, field);
	}
	check_others(path, object, shape);
}

static void load(void)
{
	json_error_t error;

	schema = json_load_file(SCHEMA, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(schema != NULL, SCHEMA ":%d: %s", error.line, error.text);
	said = open_memstream(&complaints, &complaints_size);
}

static void save(void)
{
	FILE *file = fopen(SCHEMA, "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(json_dumpf(schema, file, JSON_INDENT(2)), 0);
	fputc('\n', file);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(the_schema_has_every_member_and_no_other)
{
	load();
	check_object("", schema, &session_shape);
	if (getenv("SCHEMA_UPDATE")) {
		updating = true;
		rewind(said);
		check_object("", schema, &session_shape);
		save();
	}
	fclose(said);
	ck_assert_msg(!*complaints, "\n%s", complaints);
	free(complaints);
	json_decref(schema);
}
END_TEST

static const char *first_complaint(void)
{
	check_object("", schema, &session_shape);
	fflush(said);
	return complaints;
}

static json_t *properties_of(const char *definition)
{
	return json_object_get(json_object_get(json_object_get(schema, "$defs"), definition),
			       "properties");
}

START_TEST(a_member_that_is_missing_is_named)
{
	load();
	json_object_del(properties_of("host"), "boost");
	ck_assert_str_eq(first_complaint(),
			 SCHEMA ": host.boost: is in session/fields.c and not here" HOW "\n" SCHEMA
				": host: 'required' does not name all members" HOW "\n");
}
END_TEST

START_TEST(a_member_of_another_kind_is_named)
{
	load();
	json_object_set_new(properties_of("latencies"), "p50", reference_to("real"));
	ck_assert_str_eq(first_complaint(), SCHEMA
			 ": results[].latency_ns.p50: is of another kind in session/fields.c" HOW
			 "\n");
}
END_TEST

START_TEST(a_member_that_is_gone_is_named)
{
	load();
	json_object_set_new(properties_of("tool"), "colour", reference_to("name"));
	ck_assert_ptr_nonnull(strstr(first_complaint(), "tool.colour: is not in session/fields.c"));
}
END_TEST

START_TEST(what_is_built_in_is_the_file)
{
	FILE *file = fopen(SCHEMA, "r");
	char *text = NULL;
	size_t size = 0;

	ck_assert_ptr_nonnull(file);
	ck_assert_int_gt(getdelim(&text, &size, '\0', file), 0);
	fclose(file);
	ck_assert_uint_eq(strlen(text), session_schema_length());
	ck_assert_mem_eq(text, session_schema, strlen(text));
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("schema");

	add_test(suite, the_schema_has_every_member_and_no_other);
	if (!getenv("SCHEMA_UPDATE")) {
		add_test(suite, a_member_that_is_missing_is_named);
		add_test(suite, a_member_of_another_kind_is_named);
		add_test(suite, a_member_that_is_gone_is_named);
		add_test(suite, what_is_built_in_is_the_file);
	}
	return run_suite(suite);
}
