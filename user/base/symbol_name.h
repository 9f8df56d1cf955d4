/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an address is told: what it lies in, and how far from its start. */
#ifndef BASE_SYMBOL_NAME_H
#define BASE_SYMBOL_NAME_H

#include <stdint.h>

#define SYMBOL_NAME 64 /* bytes, with the zero at the end */

/* "what+0x40": printable ASCII. `what` is cut where it is long, never the offset. */
void symbol_name_at(const char *what, uint64_t offset, char name[SYMBOL_NAME]);

/* The same, but without "+0x0". */
void symbol_name(const char *what, uint64_t offset, char name[SYMBOL_NAME]);

#endif
