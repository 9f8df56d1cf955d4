/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What tools/report-assets/build made, as it is; nothing where it was not built. */
#include "report/html.h"

#ifdef HTML_ASSETS
/* A byte behind each, for an empty file must not share its address with what comes next. */
#define EMBED(name, file) \
	__asm__(".pushsection .rodata\n" \
		".hidden html_" #name "\n.globl html_" #name "\n" \
		".hidden html_" #name "_end\n.globl html_" #name "_end\n" \
		"html_" #name ":\n" \
		".incbin \"" HTML_ASSETS "/" file "\"\n" \
		"html_" #name "_end:\n" \
		".byte 0\n" \
		".popsection\n"); \
	extern const char html_##name[], html_##name##_end[]
#else
#define EMBED(name, file) static const char html_##name[1], *const html_##name##_end = html_##name
#endif

EMBED(style, "page.css");
EMBED(script, "page.js");
EMBED(script_hash, "page.js.hash");
EMBED(licences, "licences.txt");

#define EMBEDDED(name) \
	{ \
		html_##name, (size_t)(html_##name##_end - html_##name) \
	}

bool html_built_in(struct html_assets *assets)
{
	*assets = (struct html_assets){
		.style = EMBEDDED(style),
		.script = EMBEDDED(script),
		.script_hash = EMBEDDED(script_hash),
		.licences = EMBEDDED(licences),
	};
	return assets->script.length > 0;
}
