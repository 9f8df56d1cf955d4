/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By what a loaded object tells whether a file is what it was loaded from. */
#ifndef BASE_BUILD_ID_H
#define BASE_BUILD_ID_H

#include <link.h>
#include <stddef.h>

/* The build id that the linker wrote into it, in its own memory. NULL, and *bytes is 0: it has none. */
const unsigned char *build_id_of(const struct dl_phdr_info *info, size_t *bytes);

#endif
