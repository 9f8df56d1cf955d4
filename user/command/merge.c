/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench merge`: the sessions of many hosts or days in one file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/exit.h"
#include "base/hint.h"
#include "base/log.h"
#include "base/rights.h"
#include "command/command.h"
#include "command/confine.h"
#include "command/output.h"
#include "plan/option.h"
#include "session/fleet.h"
#include "session/json.h"
#include "session/saver.h"

struct merge_options {
	char **paths; /* "-": standard input */
	size_t n_paths;
	char *output;
	bool force;
	bool quiet;
};

static const struct option_spec specs[] = {
	{ .group = "Options",
	  .name = "output",
	  .letter = 'o',
	  .value = "FILE",
	  .help = "save the merged session there; - is standard output",
	  .kind = KIND_TEXT,
	  .offset = offsetof(struct merge_options, output) },
	{ .name = "force",
	  .help = "overwrite FILE",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct merge_options, force) },
	{ .name = "quiet",
	  .letter = 'q',
	  .help = "say nothing but errors",
	  .kind = KIND_FLAG,
	  .offset = offsetof(struct merge_options, quiet) },
	{ .name = "help", .letter = 'h', .help = "this text", .kind = KIND_HELP },
};

#define N_SPECS (sizeof(specs) / sizeof(specs[0]))

static void print_help(void)
{
	fputs("Usage: tracebench merge SESSION... -o FILE\n"
	      "\n"
	      "Puts the sessions of many hosts, or of many days, into one file. Each result keeps its host\n"
	      "and its plan, and `tracebench report FILE` shows them side by side. A merged session can be\n"
	      "merged again; one that is in already is refused. Needs no rights.\n"
	      "\n"
	      "Examples:\n"
	      "  tracebench merge node1.json node2.json node3.json -o fleet.json\n"
	      "  tracebench merge monday.json tuesday.json -o - | tracebench report -\n",
	      stdout);
	option_print_table(specs, N_SPECS);
}

static int take_path(void *target, const char *word)
{
	struct merge_options *options = target;
	char **paths = reallocarray(options->paths, options->n_paths + 1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	options->paths = paths;
	paths[options->n_paths] = strdup(word);
	return paths[options->n_paths++] ? 0 : -ENOMEM;
}

/* What a merge holds. */
struct merging {
	const struct merge_options *options;
	FILE **files; /* one for each path, NULL once it is read */
	struct session *all;
	size_t *paths; /* of each source: the path that brought it */
	long left; /* bytes that may still be read */
};

static bool is_dash(const char *path)
{
	return strcmp(path, "-") == 0;
}

static int open_one(const char *path, FILE **file)
{
	int err;

	if (is_dash(path)) {
		*file = stdin;
		return 0;
	}
	err = rights_open(path, file);
	if (err > 0)
		log_error("%s: %s%s", path, strerror(err), limit_hint(err));
	return err;
}

/* Hundreds of files are open at once: all of them, before the rights to open them are given up. */
static void allow_many_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	/* Where it stays as it is, open_one() says what is missing. */
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static int open_all(struct merging *merging)
{
	const struct merge_options *options = merging->options;
	int err = 0;

	allow_many_files();
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): a list of pointers */
	merging->files = calloc(options->n_paths, sizeof(*merging->files));
	if (!merging->files) {
		log_error("out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < options->n_paths && !err; i++)
		err = open_one(options->paths[i], &merging->files[i]);
	return err;
}

static const char *name_of(const struct merge_options *options, size_t path)
{
	return is_dash(options->paths[path]) ? "standard input" : options->paths[path];
}

static int read_one(struct merging *merging, size_t path, struct session **session)
{
	const char *name = name_of(merging->options, path);
	FILE *file = merging->files[path];
	int err = session_read_json_within(name, file, &merging->left, session);

	merging->files[path] = NULL;
	if (file != stdin)
		fclose(file);
	if (err == -EFBIG)
		log_error("%s: more than the %ld MiB that a session may have, with what was read "
			  "before it: merge fewer",
			  name, SESSION_JSON_MAX_BYTES >> 20);
	return err;
}

static void refuse_twin(const struct merging *merging, size_t path, size_t twin)
{
	const struct source *source = &merging->all->sources[twin];

	log_error("%s: has the session of %s of %s, which %s has brought already: name it once",
		  name_of(merging->options, path),
		  source->host.hostname ? source->host.hostname : "an unnamed host",
		  source->started ? source->started : "an unknown time",
		  name_of(merging->options, merging->paths[twin]));
}

static int note_path(struct merging *merging, size_t path, size_t first)
{
	size_t n = merging->all->n_sources;
	size_t *paths = reallocarray(merging->paths, n + 1, sizeof(*paths));

	if (!paths)
		return -ENOMEM;
	merging->paths = paths;
	for (size_t i = first; i < n; i++)
		paths[i] = path;
	return 0;
}

static int add(struct merging *merging, size_t path, struct session *one)
{
	size_t first = merging->all->n_sources, twin;
	int err = fleet_add(merging->all, one, &twin);

	if (!err)
		err = note_path(merging, path, first);
	if (err == -EEXIST)
		refuse_twin(merging, path, twin);
	else if (err)
		log_error("%s: not enough memory to merge it", name_of(merging->options, path));
	return err;
}

static int read_all(struct merging *merging)
{
	int err = 0;

	merging->left = SESSION_JSON_MAX_BYTES;
	merging->all = session_new();
	if (!merging->all) {
		log_error("out of memory");
		return -ENOMEM;
	}
	for (size_t i = 0; i < merging->options->n_paths && !err; i++) {
		struct session *one = NULL;

		err = read_one(merging, i, &one);
		if (!err)
			err = add(merging, i, one);
		session_free(one);
	}
	if (!err && fleet_settle(merging->all)) {
		log_error("out of memory");
		err = -ENOMEM;
	}
	return err;
}

static void tell_differences(const struct merging *merging)
{
	char keys[512];

	if (!merging->options->quiet && fleet_plan_differences(merging->all, keys, sizeof(keys)))
		log_warning("the plans differ in %s: each is kept with its source", keys);
}

static int write_session(const void *session, FILE *out)
{
	return session_write_json(session, out);
}

static ssize_t count(void *length, const char *text, size_t size)
{
	(void)text;
	*(long *)length += (long)size;
	return (ssize_t)size;
}

/* What cannot be read again is not saved. It may be: a file that was not indented gets longer. */
static int check_length(const struct session *session)
{
	long length = 0;
	FILE *counter = fopencookie(&length, "w", (cookie_io_functions_t){ .write = count });
	int err = counter ? session_write_json(session, counter) : -errno;

	if (counter)
		fclose(counter);
	if (err)
		log_error("the merged session cannot be written: %s", strerror(-err));
	else if (length > SESSION_JSON_MAX_BYTES)
		log_error("the merged session would be longer than the %ld MiB that a session may "
			  "have: merge fewer",
			  SESSION_JSON_MAX_BYTES >> 20);
	return err ? err : length > SESSION_JSON_MAX_BYTES ? -EFBIG : 0;
}

/* All files are open, and the process that saves as root is made, before rights are given up. */
static int merge_sessions(struct merging *merging, struct saver *saver)
{
	bool to_stdout = is_dash(merging->options->output);
	int err = to_stdout ? output_check() :
			      saver_start(saver, merging->options->output, merging->options->force,
					  false);

	if (!err)
		err = open_all(merging);
	if (err)
		return err;
	/* What is in the files may be anybody's. */
	confine_reader();
	err = read_all(merging);
	if (!err)
		err = check_length(merging->all);
	if (err)
		return err;
	tell_differences(merging);
	return to_stdout ? output_session(merging->all, FORMAT_JSON, VIEW_SUMMARY, true, -1) :
			   saver_save(saver, write_session, merging->all);
}

static void merging_free(struct merging *merging)
{
	for (size_t i = 0; merging->files && i < merging->options->n_paths; i++)
		if (merging->files[i] && merging->files[i] != stdin)
			fclose(merging->files[i]);
	free(merging->files);
	free(merging->paths);
	session_free(merging->all);
}

static bool is_usable(const struct merge_options *options)
{
	size_t dashes = 0;

	for (size_t i = 0; i < options->n_paths; i++)
		dashes += is_dash(options->paths[i]);
	if (!options->n_paths)
		log_error("merge: which sessions? Name the files that `tracebench run -o` saved");
	else if (!options->output)
		log_error("merge: where to? Name the merged file with -o FILE");
	else if (dashes > 1)
		log_error("'-': standard input can be read once, and is named %zu times", dashes);
	return options->n_paths && options->output && dashes <= 1;
}

static int merge_and_save(const struct merge_options *options)
{
	struct merging merging = { .options = options };
	struct saver saver = { 0 };
	int err = merge_sessions(&merging, &saver);

	saver_end(&saver);
	merging_free(&merging);
	return err ? EXIT_FAILED : EXIT_DONE;
}

int command_merge(int argc, char **argv)
{
	struct merge_options options = { 0 };
	struct option_reading reading = {
		.specs = specs,
		.n_specs = N_SPECS,
		.target = &options,
		.take_word = take_path,
		.print_help = print_help,
	};
	int code = EXIT_USAGE;

	if (option_read_arguments(&reading, argc, argv) == 0) {
		if (reading.done)
			code = EXIT_DONE;
		else if (is_usable(&options))
			code = merge_and_save(&options);
	}
	for (size_t i = 0; i < options.n_paths; i++)
		free(options.paths[i]);
	free(options.paths);
	free(options.output);
	return code;
}
