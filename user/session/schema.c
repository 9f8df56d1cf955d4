/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/schema.h"

/* The build knows that this file depends on that one (Makefile). */
__asm__(".pushsection .rodata\n"
	".global session_schema\n"
	".global session_schema_end\n"
	"session_schema:\n"
	".incbin \"docs/session.schema.json\"\n"
	"session_schema_end:\n"
	".popsection\n");
