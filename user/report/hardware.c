/* SPDX-License-Identifier: GPL-3.0-or-later */
/* That the processor's own counters were read, and the range of what they say. */
#include <errno.h>
#include <math.h>

#include "report/view.h"
#include "session/derive.h"
#include "session/number.h"

struct extremes {
	const struct result *least, *most; /* NULL: nobody has both counts */
	const struct result *first; /* whose counters were read at all */
	const struct result *without; /* could not be counted after all */
};

static struct extremes extremes_of(const struct session *session)
{
	struct extremes found = { 0 };
	size_t i;

	for (i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];
		double rate = derive_instructions_per_cycle(result->hardware);

		if (!found.without && result->hardware && result->hardware->reason)
			found.without = result;
		if (!isfinite(rate))
			continue;
		if (!found.first)
			found.first = result;
		if (!found.least || rate < derive_instructions_per_cycle(found.least->hardware))
			found.least = result;
		if (!found.most || rate > derive_instructions_per_cycle(found.most->hardware))
			found.most = result;
	}
	return found;
}

static void put_rate(const struct view *view, FILE *out, const struct result *result)
{
	char text[NUMBER_TEXT];

	number_text(text, derive_instructions_per_cycle(result->hardware));
	fprintf(out, "%s (", text);
	view_put_label(view, result, out);
	fputc(')', out);
}

static int write_rates(const struct view *view, FILE *out, const struct extremes *found)
{
	const struct hardware *any = found->first->hardware;
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	put_rate(view, draft.out, found->least);
	if (found->most != found->least) {
		fputs(" to ", draft.out);
		put_rate(view, draft.out, found->most);
	}
	fprintf(draft.out, " instructions per cycle, %s",
		any->kernel_included ? "the kernel's share included" : "in user mode");
	return view_print(view, out, &draft, "hardware counters:", BOLD);
}

static int write_reason(const struct view *view, FILE *out, const struct result *result)
{
	struct draft draft;

	if (draft_open(&draft))
		return -ENOMEM;
	view_put_label(view, result, draft.out);
	fprintf(draft.out, " has none: %s", result->hardware->reason);
	return view_print(view, out, &draft, "hardware counters:", BOLD);
}

int hardware_write(const struct view *view, FILE *out)
{
	struct extremes found = extremes_of(view->session);
	int err = 0;

	if (found.first)
		err = write_rates(view, out, &found);
	if (!err && found.without)
		err = write_reason(view, out, found.without);
	return err;
}
