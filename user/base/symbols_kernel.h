/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of the kernel's data, or of its code, from the text of /proc/kallsyms. */
#ifndef BASE_SYMBOLS_KERNEL_H
#define BASE_SYMBOLS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/symbol_name.h"

struct kernel_symbol {
	uint64_t address;
	size_t text; /* where in the texts: its name, and behind that its module's, or "" */
	bool global;
	bool mark; /* the linker's, of where a section starts or ends: nothing lies in it */
};

enum kernel_part {
	KERNEL_DATA,
	KERNEL_CODE,
};

/* All zeros is a table without symbols. */
struct kernel_symbols {
	struct kernel_symbol *symbols; /* by address, one for each */
	size_t n, n_room;
	char *texts;
	size_t texts_bytes, texts_room;
	size_t n_named; /* those that are no marks */
	bool hidden; /* there were symbols, and none had an address */
};

/*
 * Reads the symbols of one part up to the end of the file into an empty table. Lines that are not as
 * kallsyms writes them are skipped, and so are the other part and whatever has an address of user
 * space: per-CPU symbols are offsets on many kernels, and no lock is where they point to. Returns 0
 * or a negative errno; kernel_symbols_free() is due either way.
 */
int kernel_symbols_read(FILE *kallsyms, enum kernel_part part, struct kernel_symbols *symbols);
void kernel_symbols_free(struct kernel_symbols *symbols);

/*
 * The symbol that `address` lies in. kallsyms has no sizes: a symbol ends where the next begins,
 * 64 KiB behind its start, or, the last of a module or of the kernel, with its page; whichever
 * comes first. So what has no symbol of its own, as a string has not, counts to the one before it.
 */
bool kernel_symbols_find(const struct kernel_symbols *symbols, uint64_t address,
			 char name[SYMBOL_NAME]);

/* The same, as the name that the symbol has, which lives as long as the table; NULL: there is none. */
const char *kernel_symbols_at(const struct kernel_symbols *symbols, uint64_t address,
			      uint64_t *offset);

#endif
