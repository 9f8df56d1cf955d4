/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays that grow by one element at a time. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

/*
 * One more element of `size` bytes behind the *n there are, all zero. `array` is the address of the
 * pointer to the first, which may move; the caller frees it. NULL: no memory, and nothing has
 * changed.
 */
void *array_append(void *array, size_t *n, size_t size);

#endif
