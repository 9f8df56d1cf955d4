/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which tracebench this is. TRACEBENCH_REVISION, a string, is the commit it was built from; a
 * build that cannot tell leaves it undefined.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define TRACEBENCH_NAME "tracebench"
#define TRACEBENCH_VERSION "0.1.0"

/* The Makefile writes it into the build directory. */
#if !defined(TRACEBENCH_REVISION) && __has_include("revision.h")
#include "revision.h"
#endif

#endif
