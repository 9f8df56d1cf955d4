/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the table says to people: the help, and what was wrong with a command line. */
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/version.h"
#include "plan/option.h"

void option_print_version(void)
{
#ifdef TRACEBENCH_REVISION
	printf("%s %s (%s)\n", TRACEBENCH_NAME, TRACEBENCH_VERSION, TRACEBENCH_REVISION);
#else
	printf("%s %s\n", TRACEBENCH_NAME, TRACEBENCH_VERSION);
#endif
}

void option_print_table(const struct option_spec *specs, size_t n_specs)
{
	for (size_t i = 0; i < n_specs; i++) {
		const struct option_spec *spec = &specs[i];
		char form[64], letter[8] = "    ";

		if (spec->group)
			printf("\n%s:\n", spec->group);
		if (spec->letter)
			snprintf(letter, sizeof(letter), "-%c, ", spec->letter);
		snprintf(form, sizeof(form), "%s--%s%s%s", letter, spec->name,
			 spec->value ? "=" : "", spec->value ? spec->value : "");
		printf("  %-31s %s\n", form, spec->help);
	}
}

const struct option_spec *option_find_abbreviated(const struct option_reading *reading,
						  const char *name, size_t length,
						  unsigned int *matches)
{
	const struct option_spec *found = NULL;

	*matches = 0;
	for (size_t i = 0; i < reading->n_specs; i++) {
		const struct option_spec *spec = &reading->specs[i];

		if (strncmp(spec->name, name, length) != 0)
			continue;
		if (!spec->name[length]) {
			*matches = 1;
			return spec;
		}
		found = found ? found : spec;
		++*matches;
	}
	return found;
}

static int refuse_ambiguous(struct option_reading *reading, const char *name, size_t length)
{
	char list[256] = "";
	size_t used = 0;

	for (size_t i = 0; i < reading->n_specs && used < sizeof(list); i++)
		if (!strncmp(reading->specs[i].name, name, length))
			used += (size_t)snprintf(list + used, sizeof(list) - used, "%s--%s",
						 used ? ", " : "", reading->specs[i].name);
	return option_refuse(reading, "'--%.*s' may mean any of %s: write it out", (int)length,
			     name, list);
}

static int refuse_unknown(struct option_reading *reading, const char *name, size_t length)
{
	const char *known[OPTION_SPECS_MAX], *near;
	char word[64];

	for (size_t i = 0; i < reading->n_specs; i++)
		known[i] = reading->specs[i].name;
	snprintf(word, sizeof(word), "%.*s", (int)length, name);
	near = length < sizeof(word) ? nearest(word, known, reading->n_specs) : NULL;
	if (near)
		return option_refuse(reading,
				     "'--%.*s' is not an option; did you mean '--%s'? "
				     "(tracebench --help)",
				     (int)length, name, near);
	return option_refuse(reading, "'--%.*s' is not an option (tracebench --help)", (int)length,
			     name);
}

static int refuse_missing(struct option_reading *reading, const struct option_spec *spec)
{
	return option_refuse(reading, "--%s: its value is missing: give --%s=%s", spec->name,
			     spec->name, spec->value);
}

/* Returns an error, 0, or 1 when the next word is the option's value. */
static int explain_long(struct option_reading *reading, const char *name, bool last)
{
	const char *equals = strchr(name, '=');
	size_t length = equals ? (size_t)(equals - name) : strlen(name);
	unsigned int matches;
	const struct option_spec *spec = option_find_abbreviated(reading, name, length, &matches);

	if (matches == 0)
		return refuse_unknown(reading, name, length);
	if (matches > 1)
		return refuse_ambiguous(reading, name, length);
	if (!spec->value && equals)
		return option_refuse(reading, "--%s: '%s' is too much: it takes no value",
				     spec->name, equals + 1);
	if (!spec->value || equals)
		return 0;
	return last ? refuse_missing(reading, spec) : 1;
}

static const struct option_spec *find_letter(const struct option_reading *reading, char letter)
{
	for (size_t i = 0; i < reading->n_specs; i++)
		if (reading->specs[i].letter == letter)
			return &reading->specs[i];
	return NULL;
}

/* The same for "-qw2": several letters, the last of which may have a value. */
static int explain_short(struct option_reading *reading, const char *letters, bool last)
{
	for (; *letters; letters++) {
		const struct option_spec *spec = find_letter(reading, *letters);

		if (!spec)
			return option_refuse(reading, "'-%c' is not an option (tracebench --help)",
					     *letters);
		if (!spec->value)
			continue;
		if (letters[1])
			return 0;
		return last ? refuse_missing(reading, spec) : 1;
	}
	return 0;
}

int option_explain(struct option_reading *reading, int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
		bool last = i == argc - 1;
		int result = 0;

		if (!strncmp(argv[i], "--", 2))
			result = explain_long(reading, argv[i] + 2, last);
		else if (argv[i][0] == '-' && argv[i][1])
			result = explain_short(reading, argv[i] + 1, last);
		if (result < 0)
			return result;
		i += result;
	}
	return option_refuse(reading, "the command line is not understood (tracebench --help)");
}
