/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the table share. Internal to the table. */
#ifndef REPORT_VIEW_H
#define REPORT_VIEW_H

#include <stdbool.h>
#include <stdio.h>

#include "report/report.h"
#include "report/text.h"
#include "session/session.h"

#define BUDGET_CELLS 20

struct view {
	const struct session *session;
	const struct report_style *style; /* with a usable width */
	const struct column_set *columns; /* what the rows are made of */
	const size_t *ranking; /* in which order the session's results are shown */
	/*
	 * By result: the fastest that shared work and kept its promise, of all or, of a session that
	 * scans, of those at one point of the scan.
	 */
	const bool *best;
	bool any_best;
	bool traced; /* any result was seen at the sleeps level ... */
	bool calls; /* ... and at the calls level */
	uint64_t shown; /* a bit for each column of the set that had room; made with the rows */
	bool fixed_work; /* so times and totals can be compared as they are */
	/* What differs between results needs a column. */
	bool modes, workers, batches, permits, read_shares, messages, durations, iterations;
	bool criticals, thinks, paces;
	bool hosts; /* of the sources of a merged session */
	bool starts; /* and a host has several of them */
	bool scanned; /* the session, or any source */
};

/* A column: how it is headed, and what it shows of a result. */
struct column {
	const char *title;
	int priority; /* the lowest gives way first where the table is too wide */
	bool right;
	bool names; /* tells what the row is, so it shows whatever became of the result */
	/*
	 * Writes plain text and may set its colour. A column that does not
	 * name the row is asked only about results that were raced to their end. `part` is one of those
	 * that have a row below their result's; in that of the result it is NO_PART.
	 */
	void (*cell)(const struct view *view, const struct result *result, size_t part, FILE *out,
		     enum paint *paint);
	/* Whether there is anything to show; NULL: always. */
	bool (*wanted)(const struct view *view);
};

#define NO_PART SIZE_MAX

/* What a result consists of, as far as each has a row below its own. */
struct parts {
	/* Of a result that was raced to its end. */
	size_t (*count)(const struct result *result);
	/* In the first column. */
	void (*name)(const struct result *result, size_t part, FILE *out);
};

/* Columns of this priority and above are shown even if they have to move closer together. */
#define COLUMN_CORE 10
/* Columns of this priority name the row or its result: they never give way. */
#define COLUMN_KEPT 100

/* The columns of a view. A set that has none which names the row is given the summary's. */
struct column_set {
	const char *title; /* above the columns, and what they are about; NULL: neither */
	const char *says;
	const struct column *columns;
	size_t n;
	size_t status; /* the one that says what became of a result that was not raced to its end */
	const struct parts *parts; /* NULL: none has a row */
	/* Whether there is anything to show of a result; NULL: always. */
	bool (*about)(const struct result *result);
};

extern const struct column_set summary_columns, latency_columns, workers_columns, switches_columns,
	futexes_columns, budget_columns;

/* What a column of the set says. */
struct meaning {
	size_t column;
	const char *words;
};

/*
 * BUDGET_CELLS letters, apportioned by largest remainder. "-" without a budget. On-CPU time has one
 * letter, or two where the share of system calls in it is known.
 */
void budget_bar(const struct budget *budget, double system_percent, char bar[BUDGET_CELLS + 1]);
/* The letters of a bar, each in its colour; what is no bar is written as it is. */
void budget_paint(const char *bar, FILE *out);

/*
 * Waits per thousand increments of the two types most waited for, and how many types more there
 * are; 0 where none was waited for.
 */
void kernel_locks_put(const struct sleeps *sleeps, FILE *out);

/*
 * Indices of the session's results in the order they are shown: families in the order of their first result;
 * below each, strategies by their fastest row, and the rows of one as they are in the session. The
 * caller frees the array; NULL: no memory.
 */
size_t *ranking_make(const struct session *session);

/* Finds out what its results have, and in what they differ; `session` is set. */
void view_look_at(struct view *view);

/*
 * What all tables of a session share; the columns are the caller's to set. Borrows both. Returns 0 or
 * -ENOMEM, and then nothing is to be closed.
 */
int view_open(struct view *view, const struct session *session, const struct report_style *style);
void view_close(struct view *view);

bool view_is_best(const struct view *view, const struct result *result);

/* The result that is shown in that place. */
const struct result *view_result(const struct view *view, size_t place);

/* Whether that column of the set had room, so what is below the rows can speak of it. */
bool view_shows(const struct view *view, size_t column);

/* Writes a number with all its digits; "-" for null. */
void view_put_count(FILE *out, int64_t count);
/* "worker 3" or "owner". */
void view_put_task(FILE *out, const char *role, int64_t worker);
/* Writes what tells a source of a merged session from others: its host, and when it started. */
void view_put_source(const struct view *view, size_t source, FILE *out);
/* Writes what a machine is, and how it was traced; what reading its clock costs, if that is asked for. */
void view_put_machine(FILE *out, const struct host *host, const struct tracing *tracing,
		      bool clock);
/* Writes the strategy and whatever else tells the result from others in this session. */
void view_put_label(const struct view *view, const struct result *result, FILE *out);
/* The same as a text, which the caller frees; NULL: no memory. */
char *view_label(const struct view *view, const struct result *result);
/* Where the texts begin that stand behind the labels of results. */
unsigned int view_label_indent(const struct view *view);
/* Closes a draft and prints it behind a coloured label. Returns 0 or -ENOMEM. */
int view_print(const struct view *view, FILE *out, struct draft *draft, const char *label,
	       enum paint paint);

/* The same without a label, every line of it so many columns from the left. */
int view_print_indented(const struct view *view, FILE *out, struct draft *draft,
			unsigned int indent);
/* The words on those columns that had room, each with a separator behind it. */
void view_put_meanings(const struct view *view, const struct meaning *meanings, size_t n,
		       FILE *out);
/* What the star of the best means, after a separator; nothing where there is none. */
void view_put_star(const struct view *view, FILE *out);

/* Whether any result was seen by the kernel's side: of columns that are not wanted without. */
bool view_is_traced(const struct view *view);

/*
 * Another table of the same results, below the first, with a legend of its own (NULL: none).
 * Returns 0 or -ENOMEM.
 */
int view_write_rows(const struct view *view, const struct column_set *columns,
		    int (*legend)(const struct view *view, FILE *out), FILE *out);

/* Whether two texts are equal; null is equal to null alone. */
bool view_same(const char *a, const char *b);

/* The parts of the table, from top to bottom. Return 0 or -ENOMEM. */
int header_write(const struct view *view, FILE *out);
/* Of a merged session: which sources it has, and what machines they are of. */
int sources_write(const struct view *view, FILE *out);
int rows_write(struct view *view, FILE *out);
int legend_write(const struct view *view, FILE *out);
int latency_legend_write(const struct view *view, FILE *out);
int workers_legend_write(const struct view *view, FILE *out);
int switches_legend_write(const struct view *view, FILE *out);
/* How long tasks waited for a CPU, and were without one. */
int delays_write(const struct view *view, FILE *out);
int wake_edges_write(const struct view *view, FILE *out);
int preemptions_write(const struct view *view, FILE *out);
int others_write(const struct view *view, FILE *out);
int kernel_threads_write(const struct view *view, FILE *out);
int futexes_legend_write(const struct view *view, FILE *out);
int futex_calls_write(const struct view *view, FILE *out);
int contention_write(const struct view *view, FILE *out);
int budget_legend_write(const struct view *view, FILE *out);
int verdicts_write(const struct view *view, FILE *out);
/* Of the verdicts, those on what was not raced to its end; nothing where all was. */
int reasons_write(const struct view *view, FILE *out);
int warnings_show(const struct view *view, FILE *out);
int trust_write(const struct view *view, FILE *out);
int cost_write(const struct view *view, FILE *out);
int hardware_write(const struct view *view, FILE *out);
int differences_write(const struct view *view, FILE *out);

#endif
