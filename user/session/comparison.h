/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two sessions compared: which results belong together, what became of each pair, and why. A pure
 * function of the two; whoever shows it needs nothing else. docs/comparing.md has the rules and what
 * they mean.
 */
#ifndef SESSION_COMPARISON_H
#define SESSION_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

#include "session/cause.h"
#include "session/difference.h"
#include "session/effect.h"
#include "session/session.h"

/* What a pair came to, the loudest first. */
enum compared_verdict {
	COMPARED_SLOWER, /* adjusted p below EFFECT_ALPHA, ci95 beyond one, and by more than the band */
	COMPARED_FASTER,
	COMPARED_SAME, /* ci95 lies within the band */
	COMPARED_UNDECIDED, /* neither is shown */
	COMPARED_TOO_FEW, /* repeats; `settle` says how many would do */
	COMPARED_NOT_TIMED, /* a side was not raced to its end, has no times, or lost updates */
	COMPARED_VERDICTS,
};

struct compared {
	const struct result *base, *now; /* borrowed from the sessions */
	struct effect effect; /* of ns_per_op, untraced */
	double ci95[2]; /* of effect.ratio, between runs */
	double sure[2]; /* the same at 1 - EFFECT_ALPHA / rows: all of them hold at once */
	double p; /* effect.p, adjusted over the rows (Holm) */
	enum compared_verdict verdict;
	bool regressed; /* slower, and all of `sure` lies above the limit */
	int64_t settle; /* repeats of each side that would do; NO_INT: none would, or none are needed */
	struct cause cause;
	char *why; /* the cause as a sentence; null: the time did not move */
	struct figure *figures; /* every number in it */
	size_t n_figures;
};

struct comparison_rules {
	double same_within; /* the band: 0.02 is 1 / 1.02 to 1.02 */
	double fail_above; /* the limit of a regression, 0.05: 1.05; NaN: none was set */
};

#define SAME_WITHIN_DEFAULT 0.02

struct comparison {
	const struct session *base, *now; /* borrowed */
	bool by_host; /* a side has several hosts: each is compared with itself */
	struct comparison_rules rules;
	struct compared *rows; /* in the base's order */
	size_t n_rows;
	size_t n_tested; /* rows with times on both sides, over which p is adjusted */
	const struct result **only_base, **only_now; /* results without a partner */
	size_t n_only_base, n_only_now;
	struct difference *differences;
	size_t n_differences;
};

/*
 * Two results are a pair when they agree in strategy, mode, workers, batch, permits, message and
 * whatever either session scanned. Where one has null, its strategy takes no such option: any value
 * agrees. Where a side has several hosts (a merged session) they are of one host, too; several of one
 * kind are paired in order.
 *
 * The sessions must outlive it; free it with comparison_free(). Returns 0 or -ENOMEM, and then NULL.
 */
int comparison_make(const struct session *base, const struct session *now,
		    const struct comparison_rules *rules, struct comparison **comparison);
void comparison_free(struct comparison *comparison);

/* How many rows have this verdict. */
size_t comparison_count(const struct comparison *comparison, enum compared_verdict verdict);

/* Whether any row regressed. */
bool comparison_regressed(const struct comparison *comparison);

/* "slower", "faster", "same", "undecided", "too few repeats", "not timed" */
const char *compared_verdict_name(enum compared_verdict verdict);

#endif
