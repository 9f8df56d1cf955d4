/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session file itself. */
#include "report/export.h"
#include "session/json.h"

int export_json(const struct export_source *source, FILE *out)
{
	return session_write_json(source->session, out);
}
