/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/json.h"

#include <ctype.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "session/fields.h"
#include "session/json_text.h"

#define SCHEMA_FAMILY "tracebench.session/"

/* Where in the file a value is: a member of what `in` is, or an element; the file itself. */
struct place {
	const struct place *in; /* NULL: the file, and key is its name */
	const char *key; /* NULL: element number `index` */
	size_t index;
	const char *text; /* of the file itself: what it holds */
};

/* Fields of this format go a few levels deep, so the recursion does too. */
static int read_object(const struct place *place, const json_t *json, const struct shape *shape,
		       char *object);
static int read_value(const struct place *place, const struct field *field, const json_t *json,
		      char *object);

static const struct place *file_of(const struct place *place)
{
	while (place->in)
		place = place->in;
	return place;
}

/* Where it begins in the text; of what is not there: what it is missing in. */
static const char *find(const struct place *place)
{
	const char *in, *found;

	if (!place->in)
		return place->text + strspn(place->text, " \t\r\n");
	in = find(place->in);
	found = place->key ? json_text_member(in, place->key) : json_text_element(in, place->index);
	return found ? found : in;
}

/* "results[3].time.ns_per_op.median"; returns the length. */
static size_t print_path(const struct place *place, char *text, size_t size)
{
	size_t used;
	int more;

	text[0] = '\0';
	if (!place->in)
		return 0;
	used = print_path(place->in, text, size);
	if (place->key)
		more = snprintf(text + used, size - used, "%s%s", used ? "." : "", place->key);
	else
		more = snprintf(text + used, size - used, "[%zu]", place->index);
	used += (size_t)more;
	return used < size ? used : size - 1;
}

/* What comes from the file must not drive a terminal or break the line. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

/* A value as an error line shows it: scalars as they are, but not at any length. */
static void print_found(const json_t *json, char *text, size_t size)
{
	char *dump;

	if (json_is_object(json) || json_is_array(json)) {
		snprintf(text, size, json_is_object(json) ? "an object" : "a list");
		return;
	}
	dump = json_dumps(json, JSON_ENCODE_ANY | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
	if (dump && strlen(dump) >= size)
		memcpy(dump + size - 4, "...", 4);
	snprintf(text, size, "%s", dump ? dump : "something");
	make_printable(text);
	free(dump);
}

static int complain(const struct place *place, const json_t *json, const char *expected)
{
	const struct place *file = file_of(place);
	size_t line = json_text_line(file->text, find(place));
	char path[256], found[48];

	print_path(place, path, sizeof(path));
	if (!json) {
		log_error("%s:%zu: %s: missing, expected %s", file->key, line, path, expected);
		return -EINVAL;
	}
	print_found(json, found, sizeof(found));
	log_error("%s:%zu: %s: found %s, expected %s", file->key, line, path, found, expected);
	return -EINVAL;
}

static int complain_of_memory(const struct place *place)
{
	log_error("%s: not enough memory to read it", file_of(place)->key);
	return -ENOMEM;
}

/* Whether `json` is an integer of the session's: the lowest of 64 bits is what null is here. */
static bool is_int(const json_t *json, int64_t min)
{
	return json_is_integer(json) && json_integer_value(json) >= min &&
	       json_integer_value(json) != NO_INT;
}

static int read_int(const struct place *place, const json_t *json, int64_t min, int64_t *value)
{
	if (!json_is_null(json) && !is_int(json, min))
		return complain(place, json,
				min < 0 ? "an integer of 63 bits or null" : "a count or null");
	*value = json_is_null(json) ? NO_INT : json_integer_value(json);
	return 0;
}

static int read_batch(const struct place *place, const json_t *json, int64_t *value)
{
	if (json_is_string(json) && strcmp(json_string_value(json), "all") == 0)
		*value = BATCH_ALL;
	else if (json_is_null(json))
		*value = NO_INT;
	else if (is_int(json, 1))
		*value = json_integer_value(json);
	else
		return complain(place, json, "a count from 1, \"all\" or null");
	return 0;
}

static int read_scanned(const struct place *place, const json_t *json, int64_t *value)
{
	if (json_is_string(json) && strcmp(json_string_value(json), "all") == 0)
		*value = VALUE_ALL;
	else if (is_int(json, 0))
		*value = json_integer_value(json);
	else
		return complain(place, json, "a count from 0 or \"all\"");
	return 0;
}

static int read_real(const struct place *place, const json_t *json, double *value)
{
	if (!json_is_null(json) && !json_is_number(json))
		return complain(place, json, "a number or null");
	*value = json_is_null(json) ? NAN : json_number_value(json);
	return 0;
}

static int read_pair(const struct place *place, const json_t *json, double pair[2])
{
	const json_t *low = json_array_get(json, 0), *high = json_array_get(json, 1);

	pair[0] = NAN;
	pair[1] = NAN;
	if (json_is_null(json))
		return 0;
	if (json_array_size(json) != 2 || !json_is_number(low) || !json_is_number(high) ||
	    json_number_value(low) > json_number_value(high))
		return complain(place, json, "[low, high] or null");
	pair[0] = json_number_value(low);
	pair[1] = json_number_value(high);
	return 0;
}

static int read_bin(const struct place *place, const json_t *json, struct bin *bin)
{
	const json_t *lo = json_array_get(json, 0), *hi = json_array_get(json, 1);
	const json_t *n = json_array_get(json, 2);

	if (json_array_size(json) != 3 || !is_int(lo, 0) || !is_int(n, 0) ||
	    !(json_is_null(hi) || is_int(hi, json_integer_value(lo) + 1)))
		return complain(place, json, "[low, higher or null, count]");
	bin->lo = json_integer_value(lo);
	bin->hi = json_is_null(hi) ? NO_INT : json_integer_value(hi);
	bin->n = json_integer_value(n);
	return 0;
}

static int read_choice(const struct place *place, const json_t *json, const char *const *choices,
		       int *value)
{
	char expected[128] = "one of";

	for (int i = 0; choices[i]; i++) {
		size_t used = strlen(expected);

		if (json_is_string(json) && strcmp(json_string_value(json), choices[i]) == 0) {
			*value = i;
			return 0;
		}
		snprintf(expected + used, sizeof(expected) - used, "%s %s", i ? "," : "",
			 choices[i]);
	}
	return complain(place, json, expected);
}

static int read_string(const struct place *place, const json_t *json, bool or_null, char **value)
{
	if (or_null && json_is_null(json))
		return 0;
	if (!json_is_string(json))
		return complain(place, json, or_null ? "a string or null" : "a string");
	*value = strdup(json_string_value(json));
	return *value ? 0 : complain_of_memory(place);
}

static int read_optional(const struct place *place, const json_t *json, const struct shape *shape,
			 void **object)
{
	if (json_is_null(json))
		return 0;
	if (!json_is_object(json))
		return complain(place, json, "an object or null");
	*object = calloc(1, shape->size);
	if (!*object)
		return complain_of_memory(place);
	fields_clear(shape, *object);
	return read_object(place, json, shape, *object);
}

/* The count grows with the elements, so that a list that breaks off can be freed. */
static int read_list(const struct place *place, const struct field *list, const json_t *json,
		     char *object)
{
	const struct field element = field_element(list);
	const struct shape alone = { .fields = &element, .n_fields = 1 };
	size_t *count = (void *)(object + list->count_offset);
	size_t length = json_array_size(json);
	char *elements;
	int err = 0;

	if (list->nullable && json_is_null(json))
		return 0;
	if (!json_is_array(json))
		return complain(place, json, list->nullable ? "a list or null" : "a list");
	if (length == 0 && !list->nullable)
		return 0;
	elements = calloc(length + 1, field_size(&element));
	if (!elements)
		return complain_of_memory(place);
	memcpy(object + list->offset, &elements, sizeof(elements));
	while (!err && *count < length) {
		const struct place here = { .in = place, .index = *count };
		char *at = elements + *count * field_size(&element);

		fields_clear(&alone, at);
		err = read_value(&here, &element, json_array_get(json, (*count)++), at);
	}
	return err;
}

static int read_value(const struct place *place, const struct field *field, const json_t *json,
		      char *object)
{
	void *at = object + field->offset;

	switch (field->kind) {
	case FIELD_INT:
		return read_int(place, json, INT64_MIN, at);
	case FIELD_COUNT:
		return read_int(place, json, 0, at);
	case FIELD_VALUE:
		return read_scanned(place, json, at);
	case FIELD_BATCH:
		return read_batch(place, json, at);
	case FIELD_REAL:
		return read_real(place, json, at);
	case FIELD_PAIR:
		return read_pair(place, json, at);
	case FIELD_BOOL:
		if (!json_is_boolean(json))
			return complain(place, json, "true or false");
		*(bool *)at = json_is_true(json);
		return 0;
	case FIELD_CHOICE:
		return read_choice(place, json, field->choices, at);
	case FIELD_STRING:
		return read_string(place, json, true, at);
	case FIELD_NAME:
		return read_string(place, json, false, at);
	case FIELD_BIN:
		return read_bin(place, json, at);
	case FIELD_OBJECT:
		return read_object(place, json, field->shape, at);
	case FIELD_OPTIONAL:
		return read_optional(place, json, field->shape, at);
	case FIELD_LIST:
		return read_list(place, field, json, object);
	}
	return -EINVAL;
}

static int read_object(const struct place *place, const json_t *json, const struct shape *shape,
		       char *object)
{
	int err = 0;

	if (!json_is_object(json))
		return complain(place, json, "an object");
	for (size_t i = 0; !err && i < shape->n_fields; i++) {
		const struct field *field = &shape->fields[i];
		const struct place here = { .in = place, .key = field->key };

		const json_t *value = field->key ? json_object_get(json, field->key) : NULL;

		if (field->key && (value || !field->spared))
			err = read_value(&here, field, value, object);
	}
	return err;
}

static int check_schema(const char *name, const json_t *json)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));
	const size_t family = strlen(SCHEMA_FAMILY);
	const char *version = schema ? schema + family : NULL;

	if (!schema || strncmp(schema, SCHEMA_FAMILY, family) != 0 || !*version ||
	    strlen(version) > 9 || strspn(version, "0123456789") != strlen(version)) {
		log_error("%s: is not a tracebench session", name);
		return -EINVAL;
	}
	if (strcmp(schema, SESSION_SCHEMA) != 0) {
		log_error("%s: is a session of version %s, this tracebench reads %s", name, version,
			  SESSION_SCHEMA + family);
		return -EINVAL;
	}
	return 0;
}

/* Reports look results up by these numbers. */
static int check_order(const struct place *at, const json_t *json, const struct plan_record *record,
		       const struct session *session)
{
	const json_t *order = json_object_get(json_object_get(json, "plan"), "order");

	for (size_t i = 0; i < record->n_order; i++) {
		int64_t result = record->order[i].result;
		const struct place plan = { .in = at, .key = "plan" };
		const struct place list = { .in = &plan, .key = "order" };
		const struct place turn = { .in = &list, .index = i };
		const struct place here = { .in = &turn, .key = "result" };

		if (result == NO_INT || (size_t)result >= session->n_results)
			return complain(&here, json_object_get(json_array_get(order, i), "result"),
					"the position of one of the results, from 0");
	}
	return 0;
}

/* Whether it is one of the sources, or none where there are none. */
static int check_source(const struct place *list, size_t index, const json_t *json, int64_t source,
			const struct session *session)
{
	const struct place element = { .in = list, .index = index };
	const struct place here = { .in = &element, .key = "source" };

	if (!session->n_sources && source == NO_INT)
		return 0;
	if (source != NO_INT && (size_t)source < session->n_sources)
		return 0;
	return complain(&here, json_object_get(json_array_get(json, index), "source"),
			session->n_sources ? "the position of one of the sources, from 0" :
					     "none, as there are no sources");
}

/* A warning on a result has that result's source, which makes its own no more than a word. */
static int check_sources(const struct place *file, const json_t *json,
			 const struct session *session)
{
	const struct place results = { .in = file, .key = "results" };
	const struct place warnings = { .in = file, .key = "warnings" };
	const struct place sources = { .in = file, .key = "sources" };
	int err = 0;

	for (size_t i = 0; i < session->n_results && !err; i++)
		err = check_source(&results, i, json_object_get(json, "results"),
				   session->results[i].source, session);
	for (size_t i = 0; i < session->n_warnings && !err; i++)
		err = check_source(&warnings, i, json_object_get(json, "warnings"),
				   session->warnings[i].source, session);
	for (size_t i = 0; i < session->n_sources && !err; i++) {
		const struct place here = { .in = &sources, .index = i };

		err = check_order(&here, json_array_get(json_object_get(json, "sources"), i),
				  &session->sources[i].plan, session);
	}
	return err;
}

/* What is left to be read of a file that may not be longer than so much, and what was. */
struct input {
	FILE *file;
	long left;
	FILE *copy;
};

static size_t read_some(void *buffer, size_t size, void *data)
{
	struct input *input = data;
	size_t got = input->left > 0 ? fread(buffer, 1, size, input->file) : 0;

	input->left -= (long)got;
	fwrite(buffer, 1, got, input->copy);
	return got;
}

static int load(const char *name, FILE *file, FILE *copy, long *left, json_t **json)
{
	struct input input = { .file = file, .left = *left, .copy = copy };
	json_error_t error;

	errno = 0;
	*json = json_load_callback(read_some, &input, JSON_REJECT_DUPLICATES, &error);
	*left = input.left;
	if (ferror(file)) {
		int err = errno ? errno : EIO;

		json_decref(*json);
		log_error("%s: cannot be read: %s", name, strerror(err));
		return -err;
	}
	if (*json)
		return 0;
	if (input.left <= 0)
		return -EFBIG;
	make_printable(error.text);
	log_error("%s:%d:%d: %s", name, error.line, error.column, error.text);
	return json_error_code(&error) == json_error_out_of_memory ? -ENOMEM : -EINVAL;
}

static int make(const struct place *root, const json_t *json, struct session **session)
{
	struct session *made;
	int err = check_schema(root->key, json);

	if (err)
		return err;
	made = session_new();
	err = made ? read_object(root, json, &session_shape, (char *)made) :
		     complain_of_memory(root);
	if (!err)
		err = check_order(root, json, &made->plan, made);
	if (!err)
		err = check_sources(root, json, made);
	if (err)
		session_free(made);
	else
		*session = made;
	return err;
}

int session_read_json(const char *name, FILE *file, struct session **session)
{
	long left = SESSION_JSON_MAX_BYTES;
	int err = session_read_json_within(name, file, &left, session);

	if (err == -EFBIG)
		log_error("%s: is longer than %ld MiB, no session is", name,
			  SESSION_JSON_MAX_BYTES >> 20);
	return err;
}

int session_read_json_within(const char *name, FILE *file, long *left, struct session **session)
{
	struct place root = { .key = name };
	char *text = NULL;
	size_t length;
	FILE *copy = open_memstream(&text, &length);
	json_t *json = NULL;
	int err = copy ? load(name, file, copy, left, &json) : complain_of_memory(&root);

	*session = NULL;
	if (copy && fclose(copy) && !err)
		err = complain_of_memory(&root);
	root.text = text;
	if (!err)
		err = make(&root, json, session);
	json_decref(json);
	free(text);
	return err;
}
