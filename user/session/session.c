/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "session/fields.h"

struct field field_element(const struct field *list)
{
	return (struct field){ .kind = list->element, .shape = list->shape };
}

int64_t *fields_integer(const struct shape *shape, void *object, const char *key)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *field = &shape->fields[i];

		if ((field->kind == FIELD_COUNT || field->kind == FIELD_BATCH) && field->key &&
		    !strcmp(field->key, key))
			return (void *)((char *)object + field->offset);
	}
	return NULL;
}

size_t field_size(const struct field *field)
{
	switch (field->kind) {
	case FIELD_INT:
	case FIELD_COUNT:
	case FIELD_BATCH:
	case FIELD_VALUE:
		return sizeof(int64_t);
	case FIELD_REAL:
		return sizeof(double);
	case FIELD_PAIR:
		return sizeof(double[2]);
	case FIELD_BOOL:
		return sizeof(bool);
	case FIELD_CHOICE:
		return sizeof(int);
	case FIELD_BIN:
		return sizeof(struct bin);
	case FIELD_OBJECT:
		return field->shape->size;
	case FIELD_STRING:
	case FIELD_NAME:
	case FIELD_OPTIONAL:
	case FIELD_LIST:
		return sizeof(void *);
	}
	return 0;
}

static void clear_member(const struct field *field, char *object)
{
	void *at = object + field->offset;

	switch (field->kind) {
	case FIELD_INT:
	case FIELD_COUNT:
	case FIELD_BATCH:
	case FIELD_VALUE:
		*(int64_t *)at = NO_INT;
		break;
	case FIELD_REAL:
		*(double *)at = NAN;
		break;
	case FIELD_PAIR:
		((double *)at)[0] = NAN;
		((double *)at)[1] = NAN;
		break;
	case FIELD_OBJECT:
		fields_clear(field->shape, at);
		break;
	case FIELD_LIST:
		*(size_t *)(void *)(object + field->count_offset) = 0;
		memset(at, 0, field_size(field));
		break;
	default:
		memset(at, 0, field_size(field));
	}
}

void fields_clear(const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		clear_member(&shape->fields[i], object);
}

static void free_member(const struct field *field, char *object);

static void free_list(const struct field *list, char *object)
{
	const struct field element = field_element(list);
	char *elements = *(char **)(void *)(object + list->offset);
	size_t count = *(size_t *)(void *)(object + list->count_offset);

	for (size_t i = 0; i < count; i++)
		free_member(&element, elements + i * field_size(&element));
	free(elements);
}

static void free_member(const struct field *field, char *object)
{
	void *at = object + field->offset;

	switch (field->kind) {
	case FIELD_OBJECT:
		fields_free(field->shape, at);
		break;
	case FIELD_OPTIONAL:
		if (*(void **)at)
			fields_free(field->shape, *(void **)at);
		free(*(void **)at);
		break;
	case FIELD_STRING:
	case FIELD_NAME:
		free(*(char **)at);
		break;
	case FIELD_LIST:
		free_list(field, object);
		break;
	default:
		break;
	}
}

void fields_free(const struct shape *shape, void *object)
{
	for (size_t i = 0; i < shape->n_fields; i++)
		free_member(&shape->fields[i], object);
}

struct session *session_new(void)
{
	struct session *session = calloc(1, sizeof(*session));

	if (session)
		fields_clear(&session_shape, session);
	return session;
}

void session_free(struct session *session)
{
	if (session)
		fields_free(&session_shape, session);
	free(session);
}
