/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session's structs as data: which member is which JSON key, and of what kind. The writer,
 * the reader, session_new() and session_free() all walk these tables, so that a new member is one
 * line here and cannot be saved but not read, or read but not freed.
 *
 * The order of a table is the order of the keys in the file.
 */
#ifndef SESSION_FIELDS_H
#define SESSION_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a member is in C, and in JSON. "or null" is NO_INT, NaN or NULL in C. */
enum field_kind {
	FIELD_INT, /* int64_t: integer or null */
	FIELD_COUNT, /* int64_t: integer from 0, or null */
	FIELD_BATCH, /* int64_t: integer from 1, "all" for BATCH_ALL, or null */
	FIELD_VALUE, /* int64_t: integer from 0, or "all" for VALUE_ALL */
	FIELD_REAL, /* double: number or null; JSON knows no infinity, which becomes null too */
	FIELD_PAIR, /* double[2]: [low, high], or null when either is NaN */
	FIELD_BOOL, /* bool */
	FIELD_CHOICE, /* int: one of `choices`, by position */
	FIELD_STRING, /* char *: string or null */
	FIELD_NAME, /* char *: string */
	FIELD_BIN, /* struct bin: [lo, hi or null, n] */
	FIELD_OBJECT, /* a struct inside this one */
	FIELD_OPTIONAL, /* pointer to a struct of its own: object or null */
	FIELD_LIST, /* pointer to an array of its own, and a size_t with its length */
};

struct shape;

struct field {
	const char *key; /* NULL: lives in memory only, neither written nor read */
	enum field_kind kind;
	enum field_kind element; /* of a list */
	size_t offset;
	size_t count_offset; /* of a list's length */
	const struct shape *shape; /* of an object, an optional one or a list's elements */
	const char *const *choices; /* ends with NULL */
	bool nullable; /* a list that may be null, which is not the same as empty */
	bool spared; /* left out of the file while it is null, and null where it is missing */
};

struct shape {
	size_t size; /* bytes of the struct */
	const struct field *fields;
	size_t n_fields;
};

/* struct session, without the "schema" key. */
extern const struct shape session_shape;

/* For who makes one: fields_clear() with these makes a new result or view null. */
extern const struct shape result_shape;
extern const struct shape tool_shape;
extern const struct shape host_shape;
extern const struct shape plan_record_shape;
extern const struct shape tracing_shape;
extern const struct shape start_record_shape;
extern const struct shape tracing_cost_shape;
extern const struct shape sleeps_shape;
extern const struct shape wakers_shape;
extern const struct shape timeline_view_shape;
extern const struct shape stack_pass_shape;
extern const struct shape calls_shape;
extern const struct shape latencies_shape;
extern const struct shape worker_part_shape;
extern const struct shape work_shape;
extern const struct shape hardware_shape;
extern const struct shape source_shape;
extern const struct shape hardware_state_shape;

/* The elements of a list as a field of their own, at offset 0. */
struct field field_element(const struct field *list);

/* The integer that is this key of the object, a count or a batch; NULL: there is none. */
int64_t *fields_integer(const struct shape *shape, void *object, const char *key);

/* Bytes that a field takes in its struct; of a list: its pointer. */
size_t field_size(const struct field *field);

/*
 * Makes all members null: lists empty, bools false, choices the first. What the members pointed to
 * is not freed.
 */
void fields_clear(const struct shape *shape, void *object);

/*
 * Whether two objects have the same in every member, bit for bit: 0 and -0 differ, and a null is the
 * same as another.
 */
bool fields_same(const struct shape *shape, const void *a, const void *b);

/* The same of one member. */
bool field_same(const struct field *field, const void *a, const void *b);

/* A copy of all that is in `from`, owned by `to`, whose members are not freed before. -ENOMEM: it is null. */
int fields_copy(const struct shape *shape, void *to, const void *from);

/*
 * Leaves in `object` only what `other` has as well, member by member: what differs becomes null. What
 * cannot be null: a bool is true where both are, and a choice the later of the two.
 */
void fields_agree(const struct shape *shape, void *object, const void *other);

/* Frees all that the members own, but not the struct itself. */
void fields_free(const struct shape *shape, void *object);

#endif
