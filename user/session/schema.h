/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/session.schema.json, as it was when this was built. */
#ifndef SESSION_SCHEMA_H
#define SESSION_SCHEMA_H

#include <stddef.h>
#include <stdint.h>

extern const char session_schema[]; /* not terminated */
extern const char session_schema_end[];

static inline size_t session_schema_length(void)
{
	return (uintptr_t)session_schema_end - (uintptr_t)session_schema;
}

#endif
