/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What addresses are called, so that two runs can be compared: those of the kernel's data, and those
 * of this process's memory. The arenas of races are forks of it, in which whatever was mapped
 * before the fork is where it is here. For one thread.
 */
#ifndef BASE_SYMBOLS_H
#define BASE_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/code_frame.h"
#include "base/symbol_name.h"
#include "base/unwind.h"

struct symbols;

/*
 * To be called before rights are given up: the kernel shows addresses to who opened the list of its
 * symbols, and the program's file may be readable to few. Nothing is read before the first
 * question, which then takes some 0.1 s (the kernel's data, or its code) or some ms (a library's).
 * Holds two descriptors. Returns 0 or a negative errno.
 */
int symbols_open(struct symbols **symbols);
void symbols_free(struct symbols *symbols);

/*
 * "name" or "name+0x40", for data that is in the kernel or in a module from the start. False where
 * the address is in no symbol: memory that the kernel allocates has none, nor have per-CPU variables
 * an address in the list.
 */
bool symbols_kernel(struct symbols *symbols, uint64_t address, char name[SYMBOL_NAME]);

/*
 * What the kernel's code is called at an address that a call returns to, or with `call` 0 at the
 * address itself. A frame of which no more than that it is the kernel's is known has no symbol: where
 * the kernel is in memory is not told.
 */
void symbols_kernel_frame(struct symbols *symbols, uint64_t address, unsigned int call,
			  struct code_frame *frame);

/*
 * Unwinds the copy of a stack of this process or of one that was forked from it, see unwind.h, which
 * says what is returned. The first takes some 10 ms a library.
 */
int symbols_unwind(struct symbols *symbols, const struct user_stack *stack, see_frame *see,
		   void *context);

/* Why symbols_kernel() knows no symbol at all, and what to do. NULL: it knows some. */
const char *symbols_kernel_obstacle(struct symbols *symbols);

/*
 * "symbol" or "symbol+0x8" for globals and static variables of the program and its libraries, where
 * their files or separate debug files tell. Else what mapping it is (base/mapping.h), which for .bss,
 * too, is the file's name and an offset: the one that it would have there. False where nothing is
 * mapped.
 *
 * All is as it is at the time of the question: memory that an arena mapped, or that was unmapped
 * since, is not found, or not as what it was.
 */
bool symbols_user(struct symbols *symbols, uint64_t address, char name[SYMBOL_NAME]);

#endif
