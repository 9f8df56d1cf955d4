/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One option's value, from text to its place in the struct. */
#include "plan/option.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/moment.h"
#include "base/parse.h"

/* A value on its way: all a setter needs, and all its complaint needs. */
struct value {
	struct option_reading *reading;
	const struct option_spec *spec;
	const char *label;
	const char *text;
	void *field; /* its place, of the type that the kind says */
};

int option_refuse(struct option_reading *reading, const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	log_error("%s", line);
	reading->refused = true;
	return -EINVAL;
}

static int no_memory(struct option_reading *reading)
{
	option_refuse(reading, "out of memory");
	return -ENOMEM;
}

/* Round large numbers as one would write them: 1G, not 1000000000. */
static void format_count(uint64_t count, char text[static 32])
{
	if (count && count % (1000 * 1000 * 1000) == 0)
		snprintf(text, 32, "%" PRIu64 "G", count / (1000 * 1000 * 1000));
	else if (count && count % (1000 * 1000) == 0)
		snprintf(text, 32, "%" PRIu64 "M", count / (1000 * 1000));
	else
		snprintf(text, 32, "%" PRIu64, count);
}

static void format_duration(uint64_t ns, char text[static 32])
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { NS_PER_S, "s" }, { NS_PER_MS, "ms" }, { NS_PER_US, "us" } };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (ns && ns % units[i].ns == 0) {
			snprintf(text, 32, "%" PRIu64 "%s", ns / units[i].ns, units[i].name);
			return;
		}
	}
	snprintf(text, 32, "%" PRIu64 "ns", ns);
}

static int refuse_count(const struct value *value, const char *text)
{
	const char *all = value->spec->kind == KIND_COUNT_OR_ALL ? ", or 'all'" : "";
	char min[32], max[32];

	format_count(value->spec->min, min);
	format_count(value->spec->max, max);
	return option_refuse(value->reading, "%s: '%s' is not a count from %s to %s%s",
			     value->label, text, min, max, all);
}

static int set_count(const struct value *value)
{
	uint64_t *count = value->field;

	if (value->spec->kind == KIND_COUNT_OR_ALL && !strcmp(value->text, "all"))
		*count = 0;
	else if (parse_count(value->text, value->spec->min, value->spec->max, count))
		return refuse_count(value, value->text);
	return 0;
}

static int set_bytes(const struct value *value)
{
	const struct option_spec *spec = value->spec;
	uint64_t bytes;

	if (parse_count(value->text, spec->min, spec->max, &bytes) || bytes % spec->min)
		return option_refuse(value->reading,
				     "%s: '%s' is not a multiple of %" PRIu64 " from %" PRIu64
				     " to %" PRIu64,
				     value->label, value->text, spec->min, spec->min, spec->max);
	*(uint64_t *)value->field = bytes;
	return 0;
}

static int append_count(const struct value *value, const char *word, unsigned int *counts,
			size_t n_counts)
{
	uint64_t count;

	if (parse_count(word, value->spec->min, value->spec->max, &count))
		return refuse_count(value, word);
	for (size_t i = 0; i < n_counts; i++)
		if (counts[i] == count)
			return option_refuse(value->reading, "%s: '%s' names %u twice",
					     value->label, value->text, counts[i]);
	counts[n_counts] = (unsigned int)count;
	return 0;
}

static void store_counts(const struct value *value, unsigned int *counts, size_t n_counts)
{
	size_t *size = (void *)((char *)value->reading->target + value->spec->size_offset);
	unsigned int **list = value->field;

	free(*list);
	*list = counts;
	*size = n_counts;
}

static int set_counts(const struct value *value)
{
	char *copy = strdup(value->text), *rest = copy, *word;
	unsigned int *counts = calloc(strlen(value->text) + 1, sizeof(*counts));
	size_t n_counts = 0;
	int err = copy && counts ? 0 : no_memory(value->reading);

	while (!err && (word = strsep(&rest, ",")))
		err = append_count(value, word, counts, n_counts++);
	free(copy);
	if (err)
		free(counts);
	else
		store_counts(value, counts, n_counts);
	return err;
}

static int set_duration(const struct value *value)
{
	char min[32], max[32];

	if (!parse_duration(value->text, value->spec->min, value->spec->max, value->field))
		return 0;
	format_duration(value->spec->min, min);
	format_duration(value->spec->max, max);
	return option_refuse(value->reading,
			     "%s: '%s' is not a time from %s to %s (units: ns us ms s)",
			     value->label, value->text, min, max);
}

static int set_percent(const struct value *value)
{
	if (!parse_percent(value->text, value->spec->max, value->field))
		return 0;
	return option_refuse(value->reading,
			     "%s: '%s' is not a percentage from 0%% to %" PRIu64 "%%, such as 5%%",
			     value->label, value->text, value->spec->max);
}

static const struct option_choice *find_choice_of(const struct value *value, const char *word)
{
	for (const struct option_choice *choice = value->spec->choices; choice->name; choice++)
		if (!strcmp(choice->name, word))
			return choice;
	return NULL;
}

static const struct option_choice *find_choice(const struct value *value)
{
	return find_choice_of(value, value->text);
}

void option_list_choices(const struct option_choice *choices, char *text, size_t size)
{
	size_t length = 0;

	text[0] = '\0';
	for (; choices->name && length < size; choices++)
		length += (size_t)snprintf(text + length, size - length, "%s%s", length ? ", " : "",
					   choices->name);
}

static int set_choice(const struct value *value)
{
	const struct option_choice *choice = find_choice(value);
	unsigned int *chosen = value->field;
	char choices[128];

	if (choice) {
		*chosen = choice->value;
		return 0;
	}
	option_list_choices(value->spec->choices, choices, sizeof(choices));
	return option_refuse(value->reading, "%s: '%s' is not one of %s", value->label, value->text,
			     choices);
}

/* Another one of those chosen that has the same part before '='; NULL: there is none. */
static const struct option_choice *find_rival(const struct value *value,
					      const struct option_choice *chosen, unsigned int bits)
{
	size_t key = strcspn(chosen->name, "=") + 1;

	for (const struct option_choice *choice = value->spec->choices; choice->name; choice++)
		if (choice->value & bits && choice != chosen &&
		    !strncmp(choice->name, chosen->name, key))
			return choice;
	return NULL;
}

static int add_choice(const struct value *value, const char *word, unsigned int *bits)
{
	const struct option_choice *choice = find_choice_of(value, word), *rival;
	char choices[256];

	if (!choice) {
		option_list_choices(value->spec->choices, choices, sizeof(choices));
		return option_refuse(value->reading, "%s: '%s' is not one of %s", value->label,
				     word, choices);
	}
	rival = find_rival(value, choice, *bits);
	if (rival)
		return option_refuse(value->reading, "%s: '%s' contradicts '%s': give one of them",
				     value->label, choice->name, rival->name);
	*bits |= choice->value;
	return 0;
}

static int set_choices(const struct value *value)
{
	char *copy = strdup(value->text), *rest = copy, *word;
	unsigned int bits = 0;
	int err = copy ? 0 : no_memory(value->reading);

	while (!err && (word = strsep(&rest, ",")))
		err = add_choice(value, word, &bits);
	free(copy);
	if (!err)
		*(unsigned int *)value->field = bits;
	return err;
}

static int store_text(const struct value *value)
{
	char **text = value->field;

	free(*text);
	*text = strdup(value->text);
	return *text ? 0 : no_memory(value->reading);
}

static int set_placement(const struct value *value)
{
	char choices[128];
	size_t n_cpus;
	int *cpus;

	if (find_choice(value))
		return store_text(value);
	if (!parse_cpu_list(value->text, &cpus, &n_cpus)) {
		free(cpus);
		return store_text(value);
	}
	option_list_choices(value->spec->choices, choices, sizeof(choices));
	return option_refuse(value->reading,
			     "%s: '%s' is not one of %s, nor a list of CPUs such as 0,2-3",
			     value->label, value->text, choices);
}

static int set_text(const struct value *value)
{
	if (!*value->text)
		return option_refuse(value->reading, "%s: '' is not a name: give %s", value->label,
				     value->spec->value);
	return store_text(value);
}

static int set_moment(const struct value *value)
{
	if (!moment_parse(value->text, value->field))
		return 0;
	return option_refuse(value->reading,
			     "%s: '%s' is neither a moment, such as 2026-01-31T12:00:00Z or "
			     "@1769860800, nor a period of 1ms to 86400s, such as /10s",
			     value->label, value->text);
}

static int set_flag(const struct value *value)
{
	bool *flag = value->field;

	*flag = true;
	return 0;
}

static int answer_help(const struct value *value)
{
	value->reading->print_help();
	value->reading->done = true;
	return 0;
}

static int answer_version(const struct value *value)
{
	option_print_version();
	value->reading->done = true;
	return 0;
}

static int set(const struct value *value)
{
	static int (*const setters[])(const struct value *) = {
		[KIND_FLAG] = set_flag,		  [KIND_COUNT] = set_count,
		[KIND_COUNT_OR_ALL] = set_count,  [KIND_BYTES] = set_bytes,
		[KIND_COUNTS] = set_counts,	  [KIND_DURATION] = set_duration,
		[KIND_PERCENT] = set_percent,	  [KIND_CHOICE] = set_choice,
		[KIND_PLACEMENT] = set_placement, [KIND_CHOICES] = set_choices,
		[KIND_TEXT] = set_text,		  [KIND_MOMENT] = set_moment,
		[KIND_HELP] = answer_help,	  [KIND_VERSION] = answer_version,
	};

	return setters[value->spec->kind](value);
}

int option_store(struct option_reading *reading, const struct option_spec *spec, const char *label,
		 const char *text)
{
	return set(&(struct value){ reading, spec, label, text,
				    (char *)reading->target + spec->offset });
}

int option_number(struct option_reading *reading, const struct option_spec *spec, const char *label,
		  const char *text, uint64_t *number)
{
	return set(&(struct value){ reading, spec, label, text, number });
}

int option_set(struct option_reading *reading, const struct option_spec *spec,
	       const struct option_source *source, const char *text)
{
	struct option_source *given = &reading->given[spec - reading->specs];
	char label[OPTION_LABEL_BYTES];
	bool scanned = given->by && given->by->kind == KIND_SCAN;

	if (given->layer > source->layer)
		return 0;
	option_label(spec, source, label);
	if (scanned && given->layer == source->layer)
		return option_refuse(reading, "%s: its values are given by --%s as well: give one",
				     label, given->by->name);
	*given = *source;
	return spec->kind == KIND_SCAN	  ? option_scan(reading, spec, source, text) :
	       spec->kind == KIND_EXPORTS ? option_export(reading, spec, label, text) :
					    option_store(reading, spec, label, text);
}
