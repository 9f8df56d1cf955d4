/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/json.h"

#include <errno.h>
#include <float.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/contract.h"
#include "lib/fixture.h"
#include "session/fields.h"

static char *written(const struct session *session)
{
	char *text;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	ck_assert_int_eq(session_write_json(session, file), 0);
	fclose(file);
	return text;
}

static struct session *read_text(const char *text)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct session *session;

	ck_assert_int_eq(session_read_json("x.json", file, &session), 0);
	fclose(file);
	return session;
}

/* Writes, reads, compares; frees the session. */
static void assert_survives(struct session *session)
{
	char *text = written(session), *again;
	struct session *other = read_text(text);

	ck_assert(fields_same(&session_shape, session, other));
	again = written(other);
	ck_assert_str_eq(text, again);
	ck_assert_int_eq(text[strlen(text) - 2], '}');
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	free(text);
	free(again);
	session_free(session);
	session_free(other);
}

START_TEST(a_full_session_survives_bit_for_bit)
{
	assert_survives(fixture_session());
}
END_TEST

START_TEST(an_empty_session_survives)
{
	assert_survives(session_new());
}
END_TEST

/* Makes null all that may be, but keeps the lists. */
static void make_null(const struct shape *shape, char *object)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *field = &shape->fields[i];
		const struct shape alone = { .fields = field, .n_fields = 1 };
		char *at = object + field->offset;

		if (field->kind == FIELD_OBJECT) {
			make_null(field->shape, at);
		} else if (field->kind == FIELD_OPTIONAL && *(char **)(void *)at) {
			make_null(field->shape, *(char **)(void *)at);
		} else if (field->kind == FIELD_LIST && field->element == FIELD_OBJECT) {
			size_t n = *(size_t *)(void *)(object + field->count_offset);

			for (size_t j = 0; j < n; j++)
				make_null(field->shape,
					  *(char **)(void *)at + j * field->shape->size);
		} else if (field->kind != FIELD_NAME && field->kind != FIELD_LIST &&
			   field->kind != FIELD_OPTIONAL) {
			fields_free(&alone, object);
			fields_clear(&alone, object);
		}
	}
}

START_TEST(every_null_survives)
{
	struct session *session = fixture_session();

	make_null(&session_shape, (char *)session);
	ck_assert_int_gt((int)session->plan.n_order, 0);
	for (size_t i = 0; i < session->plan.n_order; i++)
		session->plan.order[i].result = 0;
	ck_assert_int_eq(session->results[0].counter.lost, NO_INT);
	assert_survives(session);
}
END_TEST

START_TEST(a_missing_view_of_the_kernel_survives)
{
	struct session *session = fixture_session();
	struct sleeps *sleeps = session->results[3].kernel->sleeps;

	session->results[3].kernel->sleeps = NULL;
	assert_survives(session);
	fields_free(&sleeps_shape, sleeps);
	free(sleeps);
}
END_TEST

START_TEST(integers_are_exact_to_63_bits)
{
	struct session *session = fixture_session();

	session->plan.seed = INT64_MAX;
	session->results[0].counter.expected = (1LL << 53) + 1;
	session->results[0].counter.lost = -INT64_MAX;
	assert_survives(session);
}
END_TEST

START_TEST(reals_are_exact)
{
	static const double values[] = { 0.1,	   1.0 / 3, 5e-324, DBL_MIN, DBL_MAX,
					 -DBL_MAX, -0.0,    1e22,   3.0,     9007199254740993.0 };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct session *session = fixture_session();

		session->results[1].time.ns_per_op.samples[2] = values[i];
		session->results[1].time.speedup = values[i];
		session->results[1].time.ns_per_op.ci95[0] = -fabs(values[i]);
		session->results[1].time.ns_per_op.ci95[1] = values[i];
		assert_survives(session);
	}
}
END_TEST

START_TEST(an_infinity_becomes_null)
{
	struct session *session = fixture_session(), *other;
	char *text;

	session->results[1].time.speedup = INFINITY;
	session->results[1].time.ns_per_op.ci95[1] = INFINITY;
	text = written(session);
	other = read_text(text);
	ck_assert_double_nan(other->results[1].time.speedup);
	ck_assert_double_nan(other->results[1].time.ns_per_op.ci95[0]);
	free(text);
	session_free(session);
	session_free(other);
}
END_TEST

START_TEST(an_integer_may_stand_for_a_real)
{
	json_t *tree = contract();
	struct session *session;
	char *text;

	put(tree, "results[0].time.speedup", json_integer(3));
	put(tree, "results[0].time.ns_per_op.ci95", json_pack("[i, i]", 1, 2));
	text = json_dumps(tree, 0);
	session = read_text(text);
	ck_assert_double_eq(session->results[0].time.speedup, 3);
	ck_assert_double_eq(session->results[0].time.ns_per_op.ci95[1], 2);
	session_free(session);
	free(text);
	json_decref(tree);
}
END_TEST

START_TEST(batch_all_is_a_word)
{
	struct session *session = fixture_session();
	char *text;

	session->results[0].batch = BATCH_ALL;
	text = written(session);
	ck_assert_ptr_nonnull(strstr(text, "\"batch\": \"all\""));
	free(text);
	assert_survives(session);
}
END_TEST

START_TEST(a_string_that_is_not_utf8_does_not_lose_the_session)
{
	struct session *session = fixture_session();
	char *text;

	strcpy(session->host.hostname, "b\xe4nch");
	text = written(session);
	ck_assert_ptr_nonnull(strstr(text, "\"b\ufffdnch\""));
	free(text);
	strcpy(session->host.hostname, "b\xc3\xa4n");
	assert_survives(session);
}
END_TEST

/* Marks the bytes of `object` that the table's members take. */
static void mark(const struct shape *shape, char *object)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *field = &shape->fields[i];

		if (field->kind == FIELD_OBJECT)
			mark(field->shape, object + field->offset);
		else
			memset(object + field->offset, 1, field_size(field));
		if (field->kind == FIELD_LIST)
			memset(object + field->count_offset, 1, sizeof(size_t));
	}
}

/* What is not marked can only be padding in front of or behind a smaller member. */
static void assert_complete(const struct shape *shape)
{
	char *object = calloc(1, shape->size);
	size_t gap = 0;

	mark(shape, object);
	for (size_t i = 0; i < shape->size; i++) {
		gap = object[i] ? 0 : gap + 1;
		ck_assert_msg(gap < sizeof(int64_t), "member at %zu of %zu is in no table", i,
			      shape->size);
	}
	free(object);
	for (size_t i = 0; i < shape->n_fields; i++)
		if (shape->fields[i].shape && shape->fields[i].kind != FIELD_OBJECT)
			assert_complete(shape->fields[i].shape);
}

START_TEST(no_member_is_forgotten)
{
	assert_complete(&session_shape);
}
END_TEST

static void assert_same_keys(json_t *a, json_t *b)
{
	void *x, *y;

	ck_assert_int_eq(json_typeof(a), json_typeof(b));
	for (size_t i = 0; i < json_array_size(a); i++)
		assert_same_keys(json_array_get(a, i), json_array_get(b, i));
	y = json_object_iter(b);
	for (x = json_object_iter(a); x; x = json_object_iter_next(a, x)) {
		ck_assert_ptr_nonnull(y);
		ck_assert_str_eq(json_object_iter_key(x), json_object_iter_key(y));
		assert_same_keys(json_object_iter_value(x), json_object_iter_value(y));
		y = json_object_iter_next(b, y);
	}
}

START_TEST(keys_are_those_of_the_contract_in_its_order)
{
	json_t *wanted = contract(), *got;
	char *text = json_dumps(wanted, 0), *again;
	struct session *session = read_text(text);

	again = written(session);
	got = json_loads(again, 0, NULL);
	ck_assert_ptr_nonnull(got);
	assert_same_keys(wanted, got);
	ck_assert(json_equal(wanted, got));
	free(text);
	free(again);
	json_decref(wanted);
	json_decref(got);
	session_free(session);
}
END_TEST

START_TEST(unknown_keys_are_ignored)
{
	json_t *tree = contract();
	struct session *session;
	char *text;

	put(tree, "later", json_pack("{s:[i]}", "x", 1));
	put(tree, "results[0].time.later", json_string("x"));
	put(tree, "results[0].latency_ns.later", json_pack("{s:i}", "p50", 1));
	put(tree, "results[0].kernel.calls.later", json_pack("{s:i}", "repeats", 1));
	put(tree, "results[0].kernel.stacks[0].later", json_true());
	text = json_dumps(tree, 0);
	session = read_text(text);
	session_free(session);
	free(text);
	json_decref(tree);
}
END_TEST

START_TEST(a_failed_write_is_reported)
{
	struct session *session = fixture_session(), *small = session_new();
	FILE *file = fopen("/dev/full", "w");

	ck_assert_int_eq(session_write_json(session, file), -ENOSPC);
	fclose(file);
	/* So little that it fits the buffer and fails at the flush. */
	file = fopen("/dev/full", "w");
	setvbuf(file, NULL, _IOFBF, 1 << 20);
	ck_assert_int_eq(session_write_json(small, file), -ENOSPC);
	fclose(file);
	session_free(session);
	session_free(small);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session json");

	add_test(suite, a_full_session_survives_bit_for_bit);
	add_test(suite, an_empty_session_survives);
	add_test(suite, every_null_survives);
	add_test(suite, a_missing_view_of_the_kernel_survives);
	add_test(suite, integers_are_exact_to_63_bits);
	add_test(suite, reals_are_exact);
	add_test(suite, an_infinity_becomes_null);
	add_test(suite, an_integer_may_stand_for_a_real);
	add_test(suite, batch_all_is_a_word);
	add_test(suite, a_string_that_is_not_utf8_does_not_lose_the_session);
	add_test(suite, no_member_is_forgotten);
	add_test(suite, keys_are_those_of_the_contract_in_its_order);
	add_test(suite, unknown_keys_are_ignored);
	add_test(suite, a_failed_write_is_reported);
	return run_suite(suite);
}
