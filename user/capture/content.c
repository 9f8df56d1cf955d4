/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/content.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

const char *content_parse(const unsigned char *text, size_t bytes, json_t **json)
{
	*json = json_loadb((const char *)text, bytes, JSON_REJECT_DUPLICATES, NULL);
	if (json_is_object(*json))
		return NULL;
	json_decref(*json);
	*json = NULL;
	return "a block's JSON is malformed";
}

/* Whether it is there and from 0 to `most`. */
static bool take_count(const json_t *object, const char *key, uint64_t most, uint64_t *count)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    (uint64_t)json_integer_value(value) > most)
		return false;
	*count = (uint64_t)json_integer_value(value);
	return true;
}

static bool take_small(const json_t *object, const char *key, unsigned int *count)
{
	uint64_t value;

	if (!take_count(object, key, UINT_MAX, &value))
		return false;
	*count = (unsigned int)value;
	return true;
}

static bool take_text(const json_t *object, const char *key, const char **text)
{
	*text = json_string_value(json_object_get(object, key));
	return *text != NULL;
}

const char *content_about(const json_t *json, struct capture_about *about)
{
	bool good = take_text(json, "tracebench", &about->version) &&
		    take_text(json, "hostname", &about->hostname) &&
		    take_text(json, "kernel", &about->kernel) &&
		    take_small(json, "cpus", &about->cpus);

	return good ? NULL : "what it says of the machine is malformed";
}

static bool take_clock(const json_t *json, struct capture_clock *clock)
{
	const json_t *object = json_object_get(json, "clock");

	return take_count(object, "monotonic_ns", CAPTURE_NS_MAX, &clock->monotonic_ns) &&
	       take_count(object, "boottime_ns", CAPTURE_NS_MAX, &clock->boottime_ns) &&
	       take_count(object, "realtime_ns", CAPTURE_NS_MAX, &clock->realtime_ns);
}

static bool take_batch(const json_t *json, uint64_t *batch)
{
	const char *all = json_string_value(json_object_get(json, "batch"));

	*batch = 0;
	if (all)
		return strcmp(all, "all") == 0;
	return take_count(json, "batch", INT64_MAX, batch);
}

const char *content_race(const json_t *json, struct capture_race *race)
{
	uint64_t result = 0;
	bool good = take_text(json, "strategy", &race->strategy) &&
		    take_text(json, "mode", &race->mode) &&
		    take_small(json, "workers", &race->workers) && take_batch(json, &race->batch) &&
		    take_small(json, "repeat", &race->repeat) &&
		    take_count(json, "result", UINT_MAX, &result) && take_clock(json, &race->clock);

	race->result = result;
	return good ? NULL : "what it says of a race is malformed";
}

static bool take_task(const json_t *json, struct capture_task *task)
{
	return take_small(json, "pid", &task->pid) && task->pid <= INT_MAX &&
	       take_small(json, "tid", &task->tid) && task->tid <= INT_MAX &&
	       take_small(json, "process", &task->process) && task->process <= INT_MAX &&
	       take_text(json, "role", &task->role) && take_small(json, "index", &task->index) &&
	       take_text(json, "name", &task->name);
}

static bool take_tasks(const json_t *list, struct content_end *end)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list))
		return false;
	end->tasks = calloc(n + 1, sizeof(*end->tasks));
	for (size_t i = 0; end->tasks && i < n; i++)
		if (!take_task(json_array_get(list, i), &end->tasks[end->n_tasks++]))
			return false;
	return end->tasks != NULL;
}

static int by_address(const void *left, const void *right)
{
	const struct capture_word *a = left, *b = right;

	return a->word < b->word ? -1 : a->word > b->word;
}

static bool take_words(const json_t *list, struct content_end *end)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list))
		return false;
	end->words = calloc(n + 1, sizeof(*end->words));
	for (size_t i = 0; end->words && i < n; i++) {
		struct capture_word *word = &end->words[end->n_words++];
		const json_t *json = json_array_get(list, i);

		if (!take_count(json, "word", INT64_MAX, &word->word) ||
		    !take_text(json, "name", &word->name))
			return false;
	}
	if (end->words)
		qsort(end->words, end->n_words, sizeof(*end->words), by_address);
	return end->words != NULL;
}

/* Causes that are not known count, too. */
static bool take_lost(const json_t *causes, uint64_t *lost)
{
	const char *cause;
	json_t *value;

	if (!json_is_object(causes))
		return false;
	json_object_foreach((json_t *)causes, cause, value) {
		uint64_t count;

		if (!take_count(causes, cause, INT64_MAX, &count))
			return false;
		*lost += count;
	}
	return true;
}

const char *content_race_end(const json_t *json, struct content_end *end)
{
	bool good;

	*end = (struct content_end){ 0 };
	good = take_tasks(json_object_get(json, "tasks"), end) &&
	       take_words(json_object_get(json, "words"), end) &&
	       take_count(json, "events", INT64_MAX, &end->events) &&
	       take_lost(json_object_get(json, "lost"), &end->lost);
	return good ? NULL : "what it says at the end of a race is malformed";
}

void content_free_end(struct content_end *end)
{
	free(end->tasks);
	free(end->words);
	*end = (struct content_end){ 0 };
}

const char *content_sums(const json_t *json, uint64_t *races, uint64_t *events)
{
	bool good = take_count(json, "races", INT64_MAX, races) &&
		    take_count(json, "events", INT64_MAX, events);

	return good ? NULL : "what it says at its end is malformed";
}
