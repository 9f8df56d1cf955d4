/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/json.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "session/fields.h"
#include "session/json_part.h"

/* In all of these, NULL says that memory ran out. jansson takes NULL for an item as an error. */
static json_t *write_object(const struct shape *shape, const char *object);
static json_t *write_value(const struct field *field, const char *object);

static json_t *write_int(int64_t value)
{
	return value == NO_INT ? json_null() : json_integer(value);
}

static json_t *write_batch(int64_t value)
{
	return value == BATCH_ALL ? json_string("all") : write_int(value);
}

static json_t *write_scanned(int64_t value)
{
	return value == VALUE_ALL ? json_string("all") : write_int(value);
}

static json_t *write_real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *write_pair(const double pair[2])
{
	if (!isfinite(pair[0]) || !isfinite(pair[1]))
		return json_null();
	return json_pack("[f, f]", pair[0], pair[1]);
}

static json_t *write_bin(const struct bin *bin)
{
	return json_pack("[o, o, o]", write_int(bin->lo), write_int(bin->hi), write_int(bin->n));
}

/* jansson refuses what is not UTF-8. A strange name is no reason to lose the whole session. */
static json_t *write_string(const char *string)
{
	json_t *json;
	char *clean;

	if (!string)
		return json_null();
	json = json_string(string);
	if (json)
		return json;
	clean = utf8_clean(string);
	json = clean ? json_string(clean) : NULL;
	free(clean);
	return json;
}

static json_t *write_list(const struct field *list, const char *object)
{
	const struct field element = field_element(list);
	const char *elements = *(const char *const *)(const void *)(object + list->offset);
	size_t count = *(const size_t *)(const void *)(object + list->count_offset);
	json_t *array;

	if (list->nullable && !elements)
		return json_null();
	array = json_array();
	for (size_t i = 0; i < count; i++) {
		json_t *item = write_value(&element, elements + i * field_size(&element));

		if (json_array_append_new(array, item)) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *write_optional(const struct field *field, const char *object)
{
	return object ? write_object(field->shape, object) : json_null();
}

static json_t *write_value(const struct field *field, const char *object)
{
	const void *at = object + field->offset;

	switch (field->kind) {
	case FIELD_INT:
	case FIELD_COUNT:
		return write_int(*(const int64_t *)at);
	case FIELD_VALUE:
		return write_scanned(*(const int64_t *)at);
	case FIELD_BATCH:
		return write_batch(*(const int64_t *)at);
	case FIELD_REAL:
		return write_real(*(const double *)at);
	case FIELD_PAIR:
		return write_pair(at);
	case FIELD_BOOL:
		return json_boolean(*(const bool *)at);
	case FIELD_CHOICE:
		return json_string(field->choices[*(const int *)at]);
	case FIELD_STRING:
	case FIELD_NAME:
		return write_string(*(const char *const *)at);
	case FIELD_BIN:
		return write_bin(at);
	case FIELD_OBJECT:
		return write_object(field->shape, at);
	case FIELD_OPTIONAL:
		return write_optional(field, *(const char *const *)at);
	case FIELD_LIST:
		return write_list(field, object);
	}
	return NULL;
}

/* Of a member that may be spared. */
static bool is_null(const struct field *field, const char *object)
{
	const void *at = object + field->offset;

	return field->kind == FIELD_COUNT ? *(const int64_t *)at == NO_INT :
					    *(const char *const *)at == NULL;
}

static int add_members(json_t *json, const struct shape *shape, const char *object)
{
	for (size_t i = 0; i < shape->n_fields; i++) {
		const struct field *field = &shape->fields[i];

		if (field->key && !(field->spared && is_null(field, object)) &&
		    json_object_set_new(json, field->key, write_value(field, object)))
			return -ENOMEM;
	}
	return 0;
}

static json_t *write_object(const struct shape *shape, const char *object)
{
	json_t *json = json_object();

	if (json && add_members(json, shape, object)) {
		json_decref(json);
		return NULL;
	}
	return json;
}

/* stdio may fail without saying why, and a stale errno would name a wrong reason. */
static int write_text(const json_t *json, size_t flags, FILE *file)
{
	errno = 0;
	if (json_dumpf(json, file, flags | JSON_REAL_PRECISION(17)) || fputc('\n', file) == EOF ||
	    fflush(file) || ferror(file))
		return errno ? -errno : -EIO;
	return 0;
}

json_t *json_part(const struct shape *shape, const void *object)
{
	return write_object(shape, object);
}

int json_part_document(const json_t *json, FILE *out)
{
	return write_text(json, JSON_INDENT(2), out);
}

int json_part_line(const json_t *json, FILE *out)
{
	return write_text(json, JSON_COMPACT, out);
}

/*
 * ---- The session itself is written member by member, and a list of objects element by element: the
 * tree of one result is in memory, not that of thousands. To the byte it is what jansson would write.
 */

#define INDENT 2

struct output {
	FILE *file;
	size_t depth; /* of the value that is being written */
	const char *before; /* the next key: "{" or "," */
};

static int put_line(struct output *output, const char *before, size_t depth)
{
	return fprintf(output->file, "%s\n%*s", before, (int)(depth * INDENT), "") < 0 ? -EIO : 0;
}

/* Lines begin as deep as the value is; no string of JSON has a newline in it. */
static int put_indented(const char *text, size_t length, void *data)
{
	struct output *output = data;

	while (length) {
		const char *end = memchr(text, '\n', length);
		size_t part = end ? (size_t)(end - text) : length;

		if (fwrite(text, 1, part, output->file) != part ||
		    (end && put_line(output, "", output->depth)))
			return -1;
		text += part + (end != NULL);
		length -= part + (end != NULL);
	}
	return 0;
}

/* Takes over the value; NULL: there was no memory for it. */
static int put_value(struct output *output, json_t *json)
{
	int err = json ? 0 : -ENOMEM;

	if (!err &&
	    json_dump_callback(json, put_indented, output,
			       JSON_ENCODE_ANY | JSON_INDENT(INDENT) | JSON_REAL_PRECISION(17)))
		err = -EIO;
	json_decref(json);
	return err;
}

static int put_elements(struct output *output, const struct field *list, const char *object)
{
	const struct field element = field_element(list);
	const char *elements = *(const char *const *)(const void *)(object + list->offset);
	size_t count = *(const size_t *)(const void *)(object + list->count_offset);
	int err = 0;

	output->depth++;
	for (size_t i = 0; i < count && !err; i++) {
		err = put_line(output, i ? "," : "[", output->depth);
		if (!err)
			err = put_value(output,
					write_value(&element, elements + i * field_size(&element)));
	}
	output->depth--;
	if (!err && count)
		err = put_line(output, "", output->depth);
	return err ? err : fputs(count ? "]" : "[]", output->file) < 0 ? -EIO : 0;
}

static int put_key(struct output *output, const char *key)
{
	int err = put_line(output, output->before, output->depth);

	output->before = ",";
	return err ? err : fprintf(output->file, "\"%s\": ", key) < 0 ? -EIO : 0;
}

static int put_member(struct output *output, const struct field *field, const char *object)
{
	int err;

	if (!field->key || (field->spared && is_null(field, object)))
		return 0;
	err = put_key(output, field->key);
	if (err)
		return err;
	if (field->kind == FIELD_LIST && field->element == FIELD_OBJECT)
		return put_elements(output, field, object);
	return put_value(output, write_value(field, object));
}

/* stdio may fail without saying why, and a stale errno would name a wrong reason. */
int session_write_json(const struct session *session, FILE *file)
{
	struct output output = { .file = file, .depth = 1, .before = "{" };
	int err;

	errno = 0;
	err = put_key(&output, "schema");
	if (!err)
		err = put_value(&output, json_string(SESSION_SCHEMA));
	for (size_t i = 0; i < session_shape.n_fields && !err; i++)
		err = put_member(&output, &session_shape.fields[i], (const char *)session);
	if (!err && (fputs("\n}\n", file) == EOF || fflush(file) || ferror(file)))
		err = -EIO;
	return err == -EIO && errno ? -errno : err;
}
