/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of `run`, parsed and checked one by one, as the user wrote them.
 *
 * The names point into argv; the lists, pin, output and timeline are owned and freed by options_free().
 */
#ifndef PLAN_OPTIONS_H
#define PLAN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/moment.h"
#include "plan/export.h"
#include "plan/option.h"
#include "plan/preset.h"
#include "plan/scan.h"
#include "strategy/load.h"

#define MAX_WORKERS 1024
#define OPTION_UNSET UINT64_MAX

/* Of --ring; rounded up to a power of two. */
#define RING_MIN 4096
#define RING_MAX (1U << 30)

enum trace_wish {
	TRACE_AUTO, /* where the kernel and the rights allow it */
	TRACE_REQUIRE, /* or not at all: exit code 4 */
	TRACE_OFF,
};

/* Levels of tracing that repeats are made of. */
enum detail {
	DETAIL_SLEEPS = 1,
	DETAIL_CALLS = 2,
	DETAIL_BOTH = 3,
};

enum format {
	FORMAT_TABLE,
	FORMAT_PLAIN,
	FORMAT_JSON,
	FORMAT_NDJSON,
	FORMAT_CSV,
	FORMAT_MARKDOWN,
};

/* Of a session: which table. */
enum view_of {
	VIEW_SUMMARY,
	VIEW_LATENCY,
	VIEW_WORKERS,
	VIEW_KERNEL,
	VIEW_LOCKS,
	VIEW_BUDGET,
};

/* The names of each, for every command that has --trace, --format or --view. */
extern const struct option_choice trace_choices[];
extern const struct option_choice format_choices[]; /* of what is no session: two of them */
extern const struct option_choice session_format_choices[];
#define FORMAT_HELP "table (default), plain, json, ndjson, csv, markdown"
extern const struct option_choice view_choices[];
/* Of --probe; a way's name. */
extern const struct option_choice way_choices[];
#define VIEW_HELP "summary (default), latency, workers, kernel, locks or budget"

struct options {
	enum preset preset; /* its values are in the members below */
	/* Asked for: strategies, families, "all". None: the preset's rows, or the default ones. */
	const char **names;
	size_t n_names;
	unsigned int *workers; /* none: one per CPU, at least 2 */
	size_t n_workers;
	unsigned int modes; /* IN_THREADS | IN_PROCESSES; 0: those of the preset's rows */
	uint64_t duration_ns; /* OPTION_UNSET with fixed work */
	uint64_t iterations; /* OPTION_UNSET with a duration */
	struct load load;
	struct scan scan; /* of the above; these have the first value of theirs */
	uint64_t repeats; /* per level */
	uint64_t warmup;
	uint64_t wakers; /* repeats in which wakers are looked for, if tracing works */
	bool stacks; /* of sleeps and wakers, in repeats of their own, if tracing works */
	uint64_t latency; /* repeats in which passes are timed; OPTION_UNSET: from the batch */
	uint64_t timeout_ns; /* of one race; OPTION_UNSET: from the duration */
	uint64_t seed; /* at most INT64_MAX; OPTION_UNSET: random */
	const char *pin; /* "spread", "pack", "smt", "l3", "none" or a CPU list */
	enum trace_wish trace;
	enum detail detail;
	uint64_t max_locks; /* rows for locks that tasks wait for; rounded up to a power of 2 */
	unsigned int ways; /* that the probe is to take, base/way.h */
	bool keep_root;
	const char *timeline; /* capture of a repeat each; NULL: none */
	uint64_t ring_bytes; /* of each CPU's ring for it; OPTION_UNSET: from how many CPUs there are */

	struct moment start_at; /* none: at once */

	const char *output; /* -o, NULL: not saved */
	struct export_wishes exports; /* none of output's file */
	enum format format;
	enum view_of view;
	bool force; /* overwrite */
	bool quiet;
	bool no_color;
	bool no_progress;
};

/*
 * Parses argv[1..]. Returns 0, or -EINVAL after one line on stderr that names the option, what is
 * wrong with its value and what would be right. --help and --version print to stdout and set
 * *done.
 */
int options_parse(int argc, char **argv, struct options *options, bool *done);
void options_free(struct options *options);

#endif
