/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the probe itself took, in a line: the session has all of it, and `doctor --cost` shows it. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "report/view.h"
#include "session/number.h"

/* "sched_switch" of "tp_btf/sched_switch". */
static const char *hook_of(const struct program_time *program)
{
	const char *slash = program->name ? strchr(program->name, '/') : NULL;

	return slash ? slash + 1 : program->name ? program->name : "-";
}

/* Of the programs at the first level, which is the least, the one that took most; NULL: none ran. */
static const struct program_time *costliest(const struct tracing_cost *cost)
{
	const struct program_time *found = NULL;
	double found_ns = 0;

	for (size_t i = 0; i < cost->n_programs; i++) {
		const struct program_time *program = &cost->programs[i];
		double ns = program->ns_per_run * (double)program->runs;

		/* Of one that did not run it is no number. */
		if (program->level != cost->programs[0].level || !(ns > found_ns))
			continue;
		found = program;
		found_ns = ns;
	}
	return found;
}

static void put_program(const struct program_time *program, FILE *out)
{
	char text[NUMBER_TEXT];

	if (!program)
		return;
	number_text(text, program->ns_per_run);
	fprintf(out, "; %s %s ns a run", hook_of(program), text);
}

static void put_ms(const char *what, double ms, FILE *out)
{
	char text[NUMBER_TEXT];

	number_text(text, ms);
	fprintf(out, "%s %s ms", what, text);
}

static void put_maps(const struct tracing_cost *cost, FILE *out)
{
	bool is_large = cost->maps_bytes >= 1 << 20;
	char text[NUMBER_TEXT];

	if (cost->maps_bytes == NO_INT)
		return;
	number_text(text, (double)cost->maps_bytes / (is_large ? 1 << 20 : 1 << 10));
	fprintf(out, ", %s %s of maps", text, is_large ? "MiB" : "KiB");
}

int cost_write(const struct view *view, FILE *out)
{
	const struct tracing *tracing = &view->session->tracing;
	const struct tracing_cost *cost = tracing->cost;
	struct draft draft;

	if (!cost)
		return 0;
	if (draft_open(&draft))
		return -ENOMEM;
	put_ms("the probe: loaded in", tracing->load_ms, draft.out);
	put_ms(", attached in", cost->attach_ms, draft.out);
	put_maps(cost, draft.out);
	put_program(costliest(cost), draft.out);
	return view_print(view, out, &draft, "", PLAIN);
}
