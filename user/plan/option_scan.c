/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --scan: the values of other options, each checked as that option's own would be. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "plan/option.h"
#include "plan/scan.h"

/* One "KEY=V,V,..." on its way. */
struct reading_scan {
	struct option_reading *reading;
	const struct option_spec *scan;
	const struct option_source *source;
	const char *name; /* as --scan was given */
	struct scan *keys;
};

static int refuse_key(const struct reading_scan *at, const char *key, const char *why)
{
	char choices[256];

	option_list_choices(at->scan->choices, choices, sizeof(choices));
	return option_refuse(at->reading, "%s: '%s' %s (%s can be scanned)", at->name, key, why,
			     choices);
}

static bool is_a_number(const struct option_spec *spec)
{
	return spec->kind == KIND_COUNT || spec->kind == KIND_COUNT_OR_ALL ||
	       spec->kind == KIND_BYTES || spec->kind == KIND_DURATION || spec->kind == KIND_COUNTS;
}

static int refuse_unknown(const struct reading_scan *at, const char *key)
{
	const char *known[OPTION_SPECS_MAX], *near;
	const struct option_spec *spec = option_find(at->reading, key);
	size_t n_known = 0;
	char why[128];

	if (spec)
		return refuse_key(at, key,
				  is_a_number(spec) ? "changes nothing in a race" :
						      "is not a number");
	for (const struct option_choice *choice = at->scan->choices; choice->name; choice++)
		known[n_known++] = choice->name;
	near = nearest(key, known, n_known);
	if (!near)
		return refuse_key(at, key, "is not an option");
	snprintf(why, sizeof(why), "is not an option; did you mean '%s'?", near);
	return refuse_key(at, key, why);
}

static const struct option_choice *find_choice(const struct reading_scan *at, const char *key)
{
	for (const struct option_choice *choice = at->scan->choices; choice->name; choice++)
		if (!strcmp(choice->name, key))
			return choice;
	return NULL;
}

static int append_value(const struct reading_scan *at, struct scan_key *key, const char *label,
			const char *word)
{
	uint64_t value;
	int err = option_number(at->reading, key->spec, label, word, &value);

	for (size_t i = 0; !err && i < key->n_values; i++)
		if (key->values[i] == value)
			err = option_refuse(at->reading, "%s: '%s' is there twice", label, word);
	if (!err)
		key->values[key->n_values++] = value;
	return err;
}

static int read_values(const struct reading_scan *at, struct scan_key *key, const char *label,
		       char *text)
{
	char *word;
	int err = 0;

	key->values = calloc(strlen(text) + 1, sizeof(*key->values));
	if (!key->values)
		return -ENOMEM;
	while (!err && (word = strsep(&text, ",")))
		err = append_value(at, key, label, word);
	return err;
}

/* The option itself gets the first value, so that whoever needs any finds one that is right. */
static int append_key(const struct reading_scan *at, struct scan_key *key)
{
	struct scan *scan = at->keys;
	struct scan_key *grown = reallocarray(scan->keys, scan->n_keys + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	scan->keys = grown;
	scan->keys[scan->n_keys++] = *key;
	*(uint64_t *)(void *)((char *)at->reading->target + key->spec->offset) = key->values[0];
	return 0;
}

static int read_key(const struct reading_scan *at, const struct option_choice *choice, char *text)
{
	const struct option_spec *spec = option_find(at->reading, choice->name);
	struct option_source source = *at->source;
	struct scan_key key = { .spec = spec, .concerns = choice->value };
	char label[OPTION_LABEL_BYTES];
	int err;

	source.by = at->scan;
	option_label(spec, &source, label);
	/* A list of its own already, such as that of --workers. */
	if (spec->kind == KIND_COUNTS)
		return option_store(at->reading, spec, label, text);
	err = read_values(at, &key, label, text);
	if (!err)
		err = append_key(at, &key);
	if (err)
		free(key.values);
	return err;
}

static int add_key(const struct reading_scan *at, char *word)
{
	char *equals = strchr(word, '=');
	const struct option_choice *choice;
	struct option_source *given;
	int err;

	if (!equals)
		return option_refuse(at->reading, "%s: '%s' is not of the form KEY=V,V,...",
				     at->name, word);
	*equals = '\0';
	choice = find_choice(at, word);
	if (!choice)
		return refuse_unknown(at, word);
	given = &at->reading->given[option_find(at->reading, word) - at->reading->specs];
	if (given->layer > at->source->layer)
		return 0;
	if (given->layer == at->source->layer && given->by == at->scan)
		return option_refuse(at->reading,
				     "%s: '%s' is there twice: give all its values at once",
				     at->name, word);
	if (given->layer == at->source->layer)
		return option_refuse(at->reading, "%s: '%s' is given by --%s as well: give one",
				     at->name, word, word);
	err = read_key(at, choice, equals + 1);
	*given = *at->source;
	given->by = at->scan;
	return err;
}

int option_scan(struct option_reading *reading, const struct option_spec *spec,
		const struct option_source *source, const char *text)
{
	char name[OPTION_LABEL_BYTES], *copy = strdup(text), *rest = copy, *word;
	const struct reading_scan at = { reading, spec, source, name,
					 (void *)((char *)reading->target + spec->offset) };
	bool any = false;
	int err = copy ? 0 : -ENOMEM;

	option_label(spec, source, name);
	while (!err && (word = strsep(&rest, " \t"))) {
		if (!*word)
			continue;
		any = true;
		err = add_key(&at, word);
	}
	if (!err && !any)
		err = option_refuse(reading, "%s: '' is not of the form KEY=V,V,...", name);
	free(copy);
	return err;
}
