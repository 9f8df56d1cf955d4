/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of slices and instants: each is written once a race, and from then on its number stands for it
 * (Perfetto's interned data). Numbers are those of one packet sequence, which every race has its own of.
 */
#ifndef PERFETTO_NAMES_H
#define PERFETTO_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Above this, those of one kind share a name that says no more than that. */
#define NAMES_MAX 65536

enum name_kind {
	NAME_RACE,
	NAME_RACING,
	NAME_WINDOW,
	NAME_SLEEP, /* which: enum tb_reason; of: the futex word, or 0 */
	NAME_CALL, /* which: enum tb_futex_way; of: the word, or 0 */
	NAME_CONTENTION, /* which: enum tb_lock_type; of: the lock, or 0 */
	NAME_WAKES, /* of: the wakee's pid */
	NAME_WOKEN, /* of: the waker's pid */
};

struct name {
	enum name_kind kind;
	uint32_t which;
	uint64_t of;
};

struct names;

/* NULL: no memory. */
struct names *names_new(void);
void names_free(struct names *names);
void names_clear(struct names *names);

/*
 * The number of a name, from 1. *is_new: it was not asked for before; `name` may have become the one
 * that it shares. 0: no memory.
 */
uint64_t names_find(struct names *names, struct name *name, bool *is_new);

#endif
