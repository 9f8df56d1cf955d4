/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "command/output.h"
#include "report/html.h"

static bool is_stdout(const struct export_wish *wish)
{
	return !strcmp(wish->path, "-");
}

/* Not a matter of what there is, but of what this program is. */
static int check_assets(const struct exporter *export)
{
	struct html_assets assets;

	if (!(export->needs & EXPORT_OF_ASSETS) || html_built_in(&assets))
		return 0;
	log_error("--export: '%s' is not in this program, which was built without Node.js: install "
		  "nodejs and npm, then `make html` and `make`",
		  export->name);
	return -ENOTSUP;
}

int export_check(const struct export_wishes *wishes, unsigned int available)
{
	for (size_t i = 0; i < wishes->n; i++) {
		const struct exporter *export = &exporters[wishes->list[i].kind];
		unsigned int missing = export->needs & ~(available | EXPORT_OF_ASSETS);
		int err = check_assets(export);

		if (err)
			return err;
		if (!missing)
			continue;
		log_error("--export: '%s' is made of %s: %s", export->name,
			  missing & EXPORT_OF_CAPTURE ? "a timeline" :
			  missing & EXPORT_OF_STACKS  ? "stacks" :
							"a session",
			  missing & EXPORT_OF_CAPTURE ? "record one with `run --timeline=FILE`" :
			  missing & EXPORT_OF_STACKS  ? "record them with `run --stacks`" :
							"save one with `run -o FILE`");
		return -EINVAL;
	}
	return 0;
}

int export_start(struct export_files *files, const struct export_wishes *wishes, bool force,
		 bool keep_root)
{
	int err = 0;

	files->wishes = wishes;
	files->savers = calloc(wishes->n + 1, sizeof(*files->savers));
	if (!files->savers) {
		log_error("--export: %s", strerror(ENOMEM));
		return -ENOMEM;
	}
	for (size_t i = 0; i < wishes->n && !err; i++)
		if (!is_stdout(&wishes->list[i]))
			err = saver_start(&files->savers[i], wishes->list[i].path, force,
					  keep_root);
	return err;
}

/* What a writer is given, behind a pointer to anything. */
struct writing {
	const struct exporter *export;
	const struct export_source *source;
};

static int write_export(const void *what, FILE *out)
{
	const struct writing *writing = what;

	return writing->export->write(writing->source, out);
}

int export_save(struct export_files *files, const struct export_source *source)
{
	int first = 0;

	for (size_t i = 0; files->savers && i < files->wishes->n; i++) {
		const struct export_wish *wish = &files->wishes->list[i];
		const struct writing writing = { &exporters[wish->kind], source };
		int err = is_stdout(wish) ? 0 :
					    saver_save(&files->savers[i], write_export, &writing);

		first = first ? first : err;
	}
	return first;
}

void export_end(struct export_files *files)
{
	for (size_t i = 0; files->savers && i < files->wishes->n; i++)
		saver_end(&files->savers[i]);
	free(files->savers);
	*files = (struct export_files){ 0 };
}

const struct exporter *export_to_stdout(const struct export_wishes *wishes)
{
	for (size_t i = 0; i < wishes->n; i++)
		if (is_stdout(&wishes->list[i]))
			return &exporters[wishes->list[i].kind];
	return NULL;
}

static int draw_export(const void *what, const struct report_style *style, FILE *out)
{
	(void)style;
	return write_export(what, out);
}

int export_show(const struct exporter *export, const struct export_source *source, int interrupt_fd)
{
	return output_draw(draw_export, &(struct writing){ export, source }, true, interrupt_fd);
}
