/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an address in code is called: symbol, source file and line, and what was inlined there. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <elfutils/libdwfl.h>
#include <stdint.h>

#include "base/code_frame.h"

/*
 * Shows the function that the address is in, and before it, innermost first, those that were inlined
 * around it. `call`: bytes by which the address lies behind the instruction that is meant, which is
 * 1 for a return address.
 */
void source_frames(Dwfl_Module *module, uint64_t address, unsigned int call, see_frame *see,
		   void *context);

#endif
