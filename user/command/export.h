/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --export: files are checked before anything is raced, and written as -o's is. */
#ifndef COMMAND_EXPORT_H
#define COMMAND_EXPORT_H

#include "plan/export.h"
#include "report/export.h"
#include "session/saver.h"

/* Zeroed: nothing is exported. */
struct export_files {
	const struct export_wishes *wishes; /* borrowed */
	struct saver *savers; /* one for each; zeroed for that to standard output */
};

/*
 * Whether all that is wished for can be made of what there is or is going to be: bits of enum
 * export_need. Else -EINVAL, or -ENOTSUP of what this program was built without, after one line on
 * stderr.
 */
int export_check(const struct export_wishes *wishes, unsigned int available);

/*
 * To be called while the command still has the caller's rights to files (session/saver.h). Returns 0
 * or a negative errno after one line on stderr; export_end() is due either way.
 */
int export_start(struct export_files *files, const struct export_wishes *wishes, bool force,
		 bool keep_root);

/* Writes all files, once. One that fails does not keep the others back. 0 or the first one's error. */
int export_save(struct export_files *files, const struct export_source *source);
void export_end(struct export_files *files);

/* What goes to standard output and nothing else does, or NULL. */
const struct exporter *export_to_stdout(const struct export_wishes *wishes);

/* Writes it there, as output_session() does. */
int export_show(const struct exporter *export, const struct export_source *source,
		int interrupt_fd);

#endif
