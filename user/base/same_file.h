/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SAME_FILE_H
#define BASE_SAME_FILE_H

#include <stdbool.h>

/*
 * Whether two paths name one file, which need not be there: the same name in the same directory,
 * however that is written. Directories that cannot be looked at are taken for different ones.
 */
bool same_file(const char *a, const char *b);

#endif
