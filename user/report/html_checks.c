/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every count of the probe's beside that of another source. */
#include <math.h>
#include <stdlib.h>

#include "report/html.h"
#include "session/derive.h"

#define FEW_RESULTS 64

static void put_label(const struct view *view, const struct result *result, FILE *out)
{
	char *label = view_label(view, result);
	char *clean = label ? text_clean(label, view->style) : NULL;

	html_put(out, clean ? clean : "-");
	free(clean);
	free(label);
}

static void put_words(const struct view *view, const char *words, FILE *out)
{
	char *clean = text_clean(words ? words : "-", view->style);

	html_put(out, clean ? clean : "-");
	free(clean);
}

static void put_check(const struct view *view, const struct result *result, const char *level,
		      const struct check *check, FILE *out)
{
	fputs("<tr><th scope=row>", out);
	put_label(view, result, out);
	fprintf(out, "<td>%s<td>", level);
	put_words(view, check->what, out);
	fputs("<td class=n>", out);
	view_put_count(out, check->bpf);
	fputs("<td class=n>", out);
	view_put_count(out, check->other);
	fputs("<td>", out);
	put_words(view, check->source, out);
	fprintf(out, check->agrees ? "<td>agrees" : "<td class=%s>differs",
		check->decides ? "alarm" : "warn");
	if (!check->decides)
		fputs(" (decides nothing)", out);
	fputc('\n', out);
}

/* Of many results, thousands of lines that say "agrees" would hide the one that does not. */
static bool is_shown(const struct view *view, const struct check *check)
{
	return view->session->n_results <= FEW_RESULTS || !check->agrees;
}

static void put_checks(const struct view *view, const struct result *result, FILE *out)
{
	struct watched watched[WATCHED_LEVELS];
	size_t n = derive_watched(result, watched);

	for (size_t level = 0; level < n; level++) {
		const struct reconciled *reconciled = watched[level].reconciled;

		for (size_t i = 0; i < reconciled->n_checks; i++)
			if (is_shown(view, &reconciled->checks[i]))
				put_check(view, result, watched[level].level,
					  &reconciled->checks[i], out);
	}
}

void html_checks(const struct view *view, FILE *out)
{
	fprintf(out, "<details><summary>%s beside its independent source</summary>\n",
		view->session->n_results <= FEW_RESULTS ? "Every count" :
							  "Every count that differs,");
	fputs("<div class=scroll tabindex=0><table><thead><tr><th scope=col>STRATEGY<th scope=col>LEVEL"
	      "<th scope=col>WHAT<th scope=col class=n>TRACED<th scope=col class=n>OTHER"
	      "<th scope=col>SOURCE<th scope=col>VERDICT</tr></thead><tbody>\n",
	      out);
	for (size_t i = 0; i < view->session->n_results; i++)
		put_checks(view, view_result(view, i), out);
	fputs("</table></div>\n</details>\n", out);
}
