/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session's structs compared and copied, whatever is in them. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/fields.h"
#include "session/session.h"

/* What a list owns, and how much of it. */
static const char *elements_of(const struct field *list, const char *object)
{
	return *(const char *const *)(const void *)(object + list->offset);
}

static size_t length_of(const struct field *list, const char *object)
{
	return *(const size_t *)(const void *)(object + list->count_offset);
}

static bool same_list(const struct field *list, const char *a, const char *b)
{
	const struct field element = field_element(list);
	const char *left = elements_of(list, a), *right = elements_of(list, b);
	size_t n = length_of(list, a);

	if (n != length_of(list, b) || (list->nullable && !left != !right))
		return false;
	for (size_t i = 0; i < n; i++) {
		size_t at = i * field_size(&element);

		if (!field_same(&element, left + at, right + at))
			return false;
	}
	return true;
}

static bool same_owned(const struct field *field, const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return field->kind == FIELD_OPTIONAL ? fields_same(field->shape, a, b) : !strcmp(a, b);
}

static bool same_bin(const struct bin *a, const struct bin *b)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): both are there */
	return a->lo == b->lo && a->hi == b->hi && a->n == b->n;
}

bool field_same(const struct field *field, const void *a, const void *b)
{
	const void *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;

	switch (field->kind) {
	case FIELD_OBJECT:
		return fields_same(field->shape, x, y);
	case FIELD_LIST:
		return same_list(field, a, b);
	case FIELD_STRING:
	case FIELD_NAME:
	case FIELD_OPTIONAL:
		/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): both are there */
		return same_owned(field, *(const char *const *)x, *(const char *const *)y);
	case FIELD_BIN:
		return same_bin(x, y);
	default:
		/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): both are there */
		return memcmp(x, y, field_size(field)) == 0;
	}
}

bool fields_same(const struct shape *shape, const void *a, const void *b)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		if (!field_same(&shape->fields[i], a, b))
			return false;
	return true;
}

static int copy_member(const struct field *field, char *to, const char *from);

/* The count grows with the elements, so that a list that breaks off can be freed. */
static int copy_list(const struct field *list, char *to, const char *from)
{
	const struct field element = field_element(list);
	const struct shape alone = { .fields = &element, .n_fields = 1 };
	const char *elements = elements_of(list, from);
	size_t *n = (void *)(to + list->count_offset);
	char *copy;
	int err = 0;

	if (!elements)
		return 0;
	copy = calloc(length_of(list, from) + 1, field_size(&element));
	if (!copy)
		return -ENOMEM;
	memcpy(to + list->offset, &copy, sizeof(copy));
	while (!err && *n < length_of(list, from)) {
		size_t at = (*n)++ * field_size(&element);

		fields_clear(&alone, copy + at);
		err = copy_member(&element, copy + at, elements + at);
	}
	return err;
}

static int copy_text(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return from && !*to ? -ENOMEM : 0;
}

static int copy_optional(const struct shape *shape, void **to, const void *from)
{
	if (!from)
		return 0;
	*to = calloc(1, shape->size);
	return *to ? fields_copy(shape, *to, from) : -ENOMEM;
}

static int copy_members(const struct shape *shape, char *to, const char *from)
{
	int err = 0;

	for (size_t i = 0; i < shape->n_fields && !err; i++)
		err = copy_member(&shape->fields[i], to, from);
	return err;
}

static int copy_member(const struct field *field, char *to, const char *from)
{
	void *at = to + field->offset;
	const void *of = from + field->offset;

	switch (field->kind) {
	case FIELD_OBJECT:
		return copy_members(field->shape, at, of);
	case FIELD_LIST:
		return copy_list(field, to, from);
	case FIELD_STRING:
	case FIELD_NAME:
		return copy_text(at, *(const char *const *)of);
	case FIELD_OPTIONAL:
		return copy_optional(field->shape, at, *(const void *const *)of);
	default:
		memcpy(at, of, field_size(field));
		return 0;
	}
}

int fields_copy(const struct shape *shape, void *to, const void *from)
{
	int err;

	fields_clear(shape, to);
	err = copy_members(shape, to, from);
	if (!err)
		return 0;
	fields_free(shape, to);
	fields_clear(shape, to);
	return err;
}

static void agree(const struct field *field, char *object, const char *other)
{
	const struct shape alone = { .fields = field, .n_fields = 1 };
	void *at = object + field->offset;
	const void *of = other + field->offset;

	if (field->kind == FIELD_OBJECT) {
		fields_agree(field->shape, at, of);
	} else if (field->kind == FIELD_BOOL) {
		*(bool *)at = *(bool *)at && *(const bool *)of;
	} else if (field->kind == FIELD_CHOICE) {
		*(int *)at = *(const int *)of > *(int *)at ? *(const int *)of : *(int *)at;
	} else if (!field_same(field, object, other)) {
		fields_free(&alone, object);
		fields_clear(&alone, object);
	}
}

void fields_agree(const struct shape *shape, void *object, const void *other)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		agree(&shape->fields[i], object, other);
}
