/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options as data: a command describes each in one line of a table, and the command line, the
 * environment and the config file all go through that table. Every mistake is one line on stderr
 * that names the option as it was given, what is wrong and what would be right.
 */
#ifndef PLAN_OPTION_H
#define PLAN_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_kind {
	KIND_FLAG, /* bool; the only kind besides help and version without a value */
	KIND_COUNT, /* uint64_t, min to max */
	KIND_COUNT_OR_ALL, /* the same, and 0 for "all" */
	KIND_BYTES, /* uint64_t, min to max, a multiple of min */
	KIND_COUNTS, /* unsigned int *, and a size_t at size_offset: a list without duplicates */
	KIND_DURATION, /* uint64_t, nanoseconds, min to max */
	KIND_PERCENT, /* double, a share from 0 to max percent of it: "5%" is 0.05 */
	KIND_CHOICE, /* unsigned int or an enum, one of choices */
	/* unsigned int: bits of choices, "A=X,B=Y"; of those with the same part before '=' one. */
	KIND_CHOICES,
	KIND_PLACEMENT, /* char *, one of choices or a list of CPUs */
	KIND_TEXT, /* char *, not empty */
	KIND_MOMENT, /* struct moment */
	/*
	 * struct scan: several values of numeric options, "KEY=V,V,... KEY=V,V,...", which add to
	 * those given before. choices: the options, and in `value` what each concerns (plan/scan.h).
	 */
	KIND_SCAN,
	/* struct export_wishes: "KIND=FILE", which adds to those given before (plan/export.h) */
	KIND_EXPORTS,
	KIND_HELP,
	KIND_VERSION,
};

struct option_choice {
	const char *name;
	unsigned int value;
};

struct option_spec {
	const char *group; /* the heading it comes under in the help; NULL: its predecessor's */
	const char *name; /* without the dashes */
	char letter; /* of the short form, or 0 */
	const char *value; /* as the help shows it, NULL for what takes no value */
	const char *help;
	enum option_kind kind;
	size_t offset; /* in the struct that the table describes */
	size_t size_offset;
	uint64_t min;
	uint64_t max;
	const struct option_choice *choices; /* ends with a NULL name */
};

#define OPTION_SPECS_MAX 64

/* Later ones win. */
enum option_layer {
	LAYER_DEFAULT,
	LAYER_FILE,
	LAYER_ENVIRONMENT,
	LAYER_ARGUMENTS,
};

struct option_source {
	enum option_layer layer;
	const char *path; /* of a config file */
	unsigned int line;
	const struct option_spec *by; /* the option whose value brought this one, or NULL */
};

/* One reading of a table's options from all layers. Zero what is not named here. */
struct option_reading {
	const struct option_spec *specs;
	size_t n_specs;
	void *target; /* the struct the table describes; owns its lists and texts (malloc) */
	/*
	 * For what is no option: returns 0, -EINVAL after one line on stderr, or -ENOMEM. NULL: there
	 * is nothing but options.
	 */
	int (*take_word)(void *target, const char *word);
	void (*print_help)(void);
	/* Calls option_print_word() for each such word. NULL: they are names of files. */
	void (*print_words)(void);

	struct option_source given[OPTION_SPECS_MAX]; /* where each option's value comes from */
	bool refused; /* a line was printed */
	bool done; /* --help or --version was answered */
};

/*
 * Read one layer: the highest first, for what an earlier call has set stays. All return 0, or
 * -EINVAL (or -ENOMEM) after one line on stderr. argv is permuted, options first.
 */
int option_read_arguments(struct option_reading *reading, int argc, char **argv);
int option_read_environment(struct option_reading *reading);

/* A file that is not there is an empty one; `path` must outlive the reading. */
int option_read_file(struct option_reading *reading, const char *path);

/* The user's config file, to be freed; NULL when there is no home to look in. */
char *option_file_path(void);

/* The same for one option of one source. */
int option_set(struct option_reading *reading, const struct option_spec *spec,
	       const struct option_source *source, const char *text);

/* The same for a KIND_SCAN, whose keys count as given from there by it. */
int option_scan(struct option_reading *reading, const struct option_spec *spec,
		const struct option_source *source, const char *text);

/* A KIND_EXPORTS' value; `label` is how to call the option in a complaint. */
int option_export(struct option_reading *reading, const struct option_spec *spec, const char *label,
		  const char *text);

/* A value into its place, whoever gave it; `label` is how to call the option in a complaint. */
int option_store(struct option_reading *reading, const struct option_spec *spec, const char *label,
		 const char *text);

/* The same of an option whose value is a uint64_t, into `number`. */
int option_number(struct option_reading *reading, const struct option_spec *spec, const char *label,
		  const char *text, uint64_t *number);

/* "threads, processes, both" */
void option_list_choices(const struct option_choice *choices, char *text, size_t size);

/* The option of that exact name, or NULL. */
const struct option_spec *option_find(const struct option_reading *reading, const char *name);
enum option_layer option_layer_of(const struct option_reading *reading, const char *name);

/* The one that `length` bytes of `name` are or abbreviate; *matches says how many do. */
const struct option_spec *option_find_abbreviated(const struct option_reading *reading,
						  const char *name, size_t length,
						  unsigned int *matches);

/*
 * How to call the option of a source: "--pin", "TRACEBENCH_PIN", "/home/me/config:3: pin", or
 * "--preset: batch" where another one brought it.
 */
#define OPTION_LABEL_BYTES 512
void option_label(const struct option_spec *spec, const struct option_source *source,
		  char label[static OPTION_LABEL_BYTES]);

/* Logs an error, notes that it was, and is -EINVAL. */
__attribute__((format(printf, 2, 3))) int option_refuse(struct option_reading *reading,
							const char *format, ...);

/* What is wrong with a command line that getopt refused; getopt's own words are two lines. */
int option_explain(struct option_reading *reading, int argc, char **argv);

/* The table as help text, on stdout. */
void option_print_table(const struct option_spec *specs, size_t n_specs);
void option_print_version(void);

/*
 * The same for programs, such as a shell's completion, on stdout: what --words alone on a command
 * line is answered with. A line for each option, "-" where it has no letter or takes no value, and
 * one for each word, or one that says that words are names of files:
 *
 *	word NAME
 *	files
 *	option NAME LETTER VALUE [CHOICE ...]
 */
#define OPTION_WORDS "--words"
void option_print_words(const struct option_reading *reading);
void option_print_word(const char *word);

#endif
