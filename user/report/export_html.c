/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page that needs nothing else: no network, no server, and for its tables no script. */
#include <errno.h>

#include "report/export.h"
#include "report/html.h"

int export_html(const struct export_source *source, FILE *out)
{
	struct html_assets assets;

	return html_built_in(&assets) ? html_page(source->session, &assets, out) : -ENOTSUP;
}
