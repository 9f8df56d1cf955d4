/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of this process's own memory. */
#ifndef BASE_SYMBOLS_USER_H
#define BASE_SYMBOLS_USER_H

#include <elfutils/libdwfl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/symbol_name.h"

struct user_symbols {
	int program_fd; /* -1: the program's file may not be read */
	char program[NAME_MAX + 1]; /* what that file is called */
	Dwfl *dwfl; /* the objects that were asked about; NULL: none yet */
	unsigned long long unloaded; /* how many objects the process had unloaded by then */
	bool warned;
};

/* Does what takes the rights that the process has now: the program's file may be its user's alone. */
void user_symbols_open(struct user_symbols *symbols);
void user_symbols_close(struct user_symbols *symbols);

/* symbols_user() of base/symbols.h. */
bool user_symbols_find(struct user_symbols *symbols, uint64_t address, char name[SYMBOL_NAME]);

#endif
