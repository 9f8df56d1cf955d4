/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/said.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int write_one(const struct view *view, FILE *out, const struct said *said,
		     const struct result *result)
{
	char *label = view_label(view, result), *text = NULL;
	struct draft draft;
	int err = -ENOMEM;

	if (label && !draft_open(&draft)) {
		said->put(result, draft.out);
		text = draft_close(&draft);
	}
	if (text)
		err = text_wrap(out, view->style, label, BOLD, view_label_indent(view), text);
	free(text);
	free(label);
	return err;
}

int said_write(const struct view *view, FILE *out, const struct said *said)
{
	bool titled = false;
	int err = 0;

	for (size_t i = 0; i < view->session->n_results && !err; i++) {
		const struct result *result = view_result(view, i);

		if (!said->applies(result))
			continue;
		if (!titled) {
			fputc('\n', out);
			err = text_wrap(out, view->style, said->title, BOLD,
					(unsigned int)strlen(said->title) + 1, said->what);
		}
		titled = true;
		if (!err)
			err = write_one(view, out, said, result);
	}
	return err;
}
