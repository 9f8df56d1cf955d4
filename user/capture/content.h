/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the JSON of a capture file says, checked. Texts are borrowed from the JSON, valid UTF-8 and
 * else anybody's.
 */
#ifndef CAPTURE_CONTENT_H
#define CAPTURE_CONTENT_H

#include <jansson.h>
#include <stdbool.h>

#include "capture/write.h"

/* Times are below this: 146 years, so that no sum of two of them is too large. */
#define CAPTURE_NS_MAX (1ULL << 62)

/*
 * All return NULL, or why not, as a part of a sentence. content_parse() wants an object, to be given
 * back with json_decref(); else *json is NULL.
 */
const char *content_parse(const unsigned char *text, size_t bytes, json_t **json);
const char *content_about(const json_t *json, struct capture_about *about);
const char *content_race(const json_t *json, struct capture_race *race);

/* Tasks and words are allocated, to be freed by content_free_end(), also after a failure. */
struct content_end {
	struct capture_task *tasks;
	size_t n_tasks;
	struct capture_word *words; /* by ascending address */
	size_t n_words;
	uint64_t events;
	uint64_t lost; /* whatever the cause */
};

const char *content_race_end(const json_t *json, struct content_end *end);
void content_free_end(struct content_end *end);

/* Of the END. */
const char *content_sums(const json_t *json, uint64_t *races, uint64_t *events);

#endif
