/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/names.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_PLACES 256

struct place {
	struct name name;
	uint64_t iid; /* 0: free */
};

/* Open addressing, at most half full. */
struct names {
	struct place *places;
	size_t n_places; /* a power of two */
	size_t n;
};

struct names *names_new(void)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->n_places = FIRST_PLACES;
	names->places = calloc(names->n_places, sizeof(*names->places));
	if (names->places)
		return names;
	free(names);
	return NULL;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	free(names->places);
	free(names);
}

void names_clear(struct names *names)
{
	memset(names->places, 0, names->n_places * sizeof(*names->places));
	names->n = 0;
}

static bool is_same(const struct name *a, const struct name *b)
{
	return a->kind == b->kind && a->which == b->which && a->of == b->of;
}

/* Multiplicative hashing, from the upper half of the product. */
static struct place *place_of(const struct names *names, const struct name *name)
{
	uint64_t key = name->of ^ (uint64_t)name->which << 40 ^ (uint64_t)name->kind << 56;
	size_t at = (size_t)(key * 0x9e3779b97f4a7c15ULL >> 32);

	for (;; at++) {
		struct place *place = &names->places[at & (names->n_places - 1)];

		if (!place->iid || is_same(&place->name, name))
			return place;
	}
}

static bool grow(struct names *names)
{
	struct names more = { .n_places = 2 * names->n_places };

	more.places = calloc(more.n_places, sizeof(*more.places));
	if (!more.places)
		return false;
	for (size_t i = 0; i < names->n_places; i++)
		if (names->places[i].iid)
			*place_of(&more, &names->places[i].name) = names->places[i];
	free(names->places);
	names->places = more.places;
	names->n_places = more.n_places;
	return true;
}

uint64_t names_find(struct names *names, struct name *name, bool *is_new)
{
	struct place *place = place_of(names, name);

	if (!place->iid && names->n >= NAMES_MAX) {
		name->of = 0;
		place = place_of(names, name);
	}
	*is_new = !place->iid;
	if (!*is_new)
		return place->iid;
	if (2 * (names->n + 1) > names->n_places) {
		if (!grow(names))
			return 0;
		place = place_of(names, name);
	}
	*place = (struct place){ *name, ++names->n };
	return place->iid;
}
