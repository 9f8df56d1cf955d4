/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --export: which kinds there are, and a wish from text. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/same_file.h"
#include "plan/export.h"

#define CHOICE(name, need) { #name, EXPORT_##name },
const struct option_choice export_choices[] = { EXPORT_LIST(CHOICE){ NULL, 0 } };

void export_print_kinds(void)
{
	char kinds[256];

	option_list_choices(export_choices, kinds, sizeof(kinds));
	printf("\nExports: --export=KIND=FILE writes a file for other programs. Kinds:\n  %s.\n",
	       kinds);
}

static const struct option_choice *find_kind(const char *word, size_t length)
{
	for (const struct option_choice *kind = export_choices; kind->name; kind++)
		if (strlen(kind->name) == length && !strncmp(kind->name, word, length))
			return kind;
	return NULL;
}

const struct export_wish *export_wishes_find(const struct export_wishes *wishes, const char *path)
{
	for (size_t i = 0; i < wishes->n; i++)
		if (same_file(wishes->list[i].path, path))
			return &wishes->list[i];
	return NULL;
}

static int append(struct export_wishes *wishes, unsigned int kind, const char *path)
{
	struct export_wish *grown =
		reallocarray(wishes->list, wishes->n + 1, sizeof(*wishes->list));

	if (!grown)
		return -ENOMEM;
	wishes->list = grown;
	grown[wishes->n] = (struct export_wish){ .kind = kind, .path = strdup(path) };
	if (!grown[wishes->n].path)
		return -ENOMEM;
	wishes->n++;
	return 0;
}

int option_export(struct option_reading *reading, const struct option_spec *spec, const char *label,
		  const char *text)
{
	struct export_wishes *wishes = (void *)((char *)reading->target + spec->offset);
	const char *equals = strchr(text, '=');
	const struct option_choice *kind;
	const struct export_wish *rival;
	char kinds[256];

	if (!equals || !equals[1])
		return option_refuse(reading, "%s: '%s' is not of the form KIND=FILE", label, text);
	kind = find_kind(text, (size_t)(equals - text));
	if (!kind) {
		option_list_choices(export_choices, kinds, sizeof(kinds));
		return option_refuse(reading, "%s: '%.*s' is not one of %s", label,
				     (int)(equals - text), text, kinds);
	}
	rival = export_wishes_find(wishes, equals + 1);
	if (rival)
		return option_refuse(reading,
				     "%s: '%s' is the file of '%s=%s' as well: give each its own",
				     label, text, export_choices[rival->kind].name, rival->path);
	return append(wishes, kind->value, equals + 1);
}

void export_wishes_free(struct export_wishes *wishes)
{
	for (size_t i = 0; i < wishes->n; i++)
		free(wishes->list[i].path);
	free(wishes->list);
	*wishes = (struct export_wishes){ 0 };
}
