/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings by what the untraced repeats of a result show when they are laid side by side. */
#include <math.h>
#include <string.h>

#include "session/derive.h"
#include "session/groups.h"
#include "session/rank.h"
#include "session/settle.h"
#include "session/stats.h"
#include "session/warn.h"

/* Groups or trends of less than this many percent change no conclusion. */
#define WORTH_PERCENT 10

/*
 * How rarely chance may look like a trend. Less than the customary 0.01, because a session asks it
 * of a dozen results, and is to be clean in 99 of 100 cases where nothing drifts.
 */
#define DRIFT_P 0.001

/* A condition that is so much more frequent, or larger, in one group than in the other explains them. */
#define EXPLAINING_SHARE 0.5
#define EXPLAINING_OVERLAP 0.1

/*
 * With fewer samples the bootstrap's interval of a median is their whole range: the lowest of n
 * is a resample's median too often, until at six it is not.
 */
#define FEWEST_REPEATS 6

/* A ratio that is known to be closer to 1 than that is 1 for whoever has to choose. */
#define SAME_WITHIN 0.01

/* What was different between the two groups. */
struct contrast {
	double crowded[2]; /* share of the repeats in which tasks started on one CPU needlessly */
	double overlap[2]; /* mean */
};

static struct contrast contrast_of(const struct session *session, const struct result *result,
				   const struct groups *groups)
{
	struct contrast contrast = { { 0, 0 }, { 0, 0 } };

	for (size_t i = 0; i < result->n_conditions; i++) {
		const struct condition *condition = &result->conditions[i];
		int upper = result->time.ns_per_op.samples[i] >= groups->bound;

		contrast.crowded[upper] += warn_is_crowded(session, condition);
		contrast.overlap[upper] += condition->overlap_ratio;
	}
	for (int group = 0; group < 2; group++) {
		contrast.crowded[group] /= (double)groups->n[group];
		contrast.overlap[group] /= (double)groups->n[group];
	}
	return contrast;
}

static bool say_crowded(struct sentence *s, const struct contrast *contrast)
{
	int upper = contrast->crowded[1] > contrast->crowded[0];

	if (!(fabs(contrast->crowded[1] - contrast->crowded[0]) > EXPLAINING_SHARE))
		return false;
	say(s, ": tasks started on one CPU in ");
	say_percent(s, "crowded_percent", 100 * contrast->crowded[upper]);
	say(s, upper ? " of the slower repeats and " : " of the faster repeats and ");
	say_percent(s, "others_crowded_percent", 100 * contrast->crowded[!upper]);
	say(s, " of the others; pin them (--pin=spread)");
	return true;
}

static bool say_overlap(struct sentence *s, const struct contrast *contrast)
{
	if (!(fabs(contrast->overlap[1] - contrast->overlap[0]) > EXPLAINING_OVERLAP))
		return false;
	say(s, ": workers raced side by side ");
	say_percent(s, "faster_overlap_percent", 100 * contrast->overlap[0]);
	say(s, " of the time in the faster and ");
	say_percent(s, "slower_overlap_percent", 100 * contrast->overlap[1]);
	say(s, " in the slower; race longer (--duration, or a larger -n)");
	return true;
}

static void say_cause(struct sentence *s, const struct session *session,
		      const struct result *result, const struct groups *groups)
{
	if (result->n_conditions == result->time.ns_per_op.n_samples) {
		struct contrast contrast = contrast_of(session, result, groups);

		if (say_crowded(s, &contrast) || say_overlap(s, &contrast))
			return;
	}
	if (warn_is_unpinned(session))
		say(s, ": tasks may have moved; pin them (--pin=spread)");
	else
		say(s, ": nothing recorded tells why, and the median may be of either; longer "
		       "repeats (--duration) show whether a race changes between the two");
}

bool warn_groups(struct sentence *s, const struct session *session, const struct result *result)
{
	const struct estimate *time = &result->time.ns_per_op;
	struct groups groups;

	if (!groups_find(time->samples, time->n_samples, (uint64_t)session->plan.seed, &groups) ||
	    !(groups.median[1] > groups.median[0] * (1 + WORTH_PERCENT / 100.0)))
		return false;
	say(s, "repeats fall into two groups (");
	say_time(s, "faster", groups.median[0]);
	say(s, " in ");
	say_count(s, "faster_repeats", (int64_t)groups.n[0]);
	say(s, ", ");
	say_time(s, "slower", groups.median[1]);
	say(s, " in ");
	say_count(s, "slower_repeats", (int64_t)groups.n[1]);
	say(s, ")");
	say_cause(s, session, result, &groups);
	return true;
}

double warn_drift_percent(const struct result *result)
{
	const struct estimate *time = &result->time.ns_per_op;
	struct rank_trend trend = rank_trend(time->samples, time->n_samples);
	double percent = derive_percent(trend.change, time->median);

	return trend.p < DRIFT_P && fabs(percent) > WORTH_PERCENT ? percent : 0;
}

bool warn_drift(struct sentence *s, const struct session *session, const struct result *result)
{
	double percent = warn_drift_percent(result);

	(void)session;
	if (percent == 0)
		return false;
	say(s, percent > 0 ? "gets slower by " : "gets faster by ");
	say_percent(s, "drift_percent", fabs(percent));
	say(s, " from the first repeat to the last: the machine was not at rest; warm it up "
	       "(--warmup), let it cool down, or stop what else is running");
	return true;
}

/* The fewest that any result has; 0: none was raced untraced. */
static size_t fewest_repeats(const struct session *session)
{
	size_t fewest = 0;

	for (size_t i = 0; i < session->n_results; i++) {
		size_t n = session->results[i].time.ns_per_op.n_samples;

		if (n > 0 && (fewest == 0 || n < fewest))
			fewest = n;
	}
	return fewest;
}

/* The range of n misses the median where all of them fall on one side of it: 2 of 2^n ways. */
bool warn_few(struct sentence *s, const struct session *session)
{
	size_t fewest = fewest_repeats(session);

	if (fewest == 0 || fewest >= FEWEST_REPEATS)
		return false;
	if (fewest == 1) {
		say(s,
		    "a single repeat has no interval, and nothing tells noise from a difference");
	} else {
		say(s, "of ");
		say_count(s, "repeats", (int64_t)fewest);
		say(s, " repeats the interval is the whole range, which holds the median in ");
		say_percent(s, "coverage_percent", 100 * (1 - ldexp(1, 1 - (int)fewest)));
		say(s, " of all cases");
	}
	say(s, ": race ");
	say_count(s, "enough", FEWEST_REPEATS);
	say(s, " or more (--repeats)");
	return true;
}

/* As the table's mark: what shares the work and counts exactly. At a pace all take the same time. */
static bool competes(const struct result *result)
{
	return result->status == RESULT_OK && result->counter.promises_exact &&
	       result->counter.lost == 0 && result->workers > 1 && result->pace == NO_INT &&
	       strcmp(result->strategy, "sequential") != 0 &&
	       isfinite(result->time.ns_per_op.median);
}

/* With as much work around each increment, which is a part of its time. */
static bool same_work(const struct result *a, const struct result *b)
{
	return a->critical_ns == b->critical_ns && a->think_ns == b->think_ns;
}

/* The fastest that competes; where one is given, the fastest of the others, with the same work. */
static const struct result *fastest_but(const struct session *session, const struct result *but)
{
	const struct result *fastest = NULL;

	for (size_t i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];

		if (result == but || (but && !same_work(result, but)))
			continue;
		if (competes(result) &&
		    (!fastest || result->time.ns_per_op.median < fastest->time.ns_per_op.median))
			fastest = result;
	}
	return fastest;
}

/* By its name, and by what else tells it from `result`. */
static void say_other(struct sentence *s, const struct result *other, const struct result *result)
{
	enum { BATCH = 2 };
	const struct {
		const char *what;
		int64_t other, result;
	} numbers[] = {
		{ "workers", other->workers, result->workers },
		{ "permits", other->permits, result->permits },
		[BATCH] = { "batch", other->batch, result->batch },
		{ "read_share", other->read_share, result->read_share },
		{ "message", other->message, result->message },
	};

	say(s, other->strategy);
	if (strcmp(other->mode, result->mode) != 0) {
		say(s, " with ");
		say(s, other->mode);
	}
	if (strcmp(other->strategy, result->strategy) != 0)
		return;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].other == numbers[i].result || numbers[i].other == NO_INT)
			continue;
		say(s, " ");
		say(s, numbers[i].what);
		say(s, "=");
		if (i == BATCH && other->batch == BATCH_ALL)
			say(s, "all");
		else
			say_count(s, numbers[i].what, numbers[i].other);
	}
}

static void say_cure(struct sentence *s, const struct estimate *ratio, size_t n)
{
	int64_t repeats = settle_ratio(ratio, n);

	if (repeats == NO_INT || repeats >= SETTLE_MOST) {
		say(s, "): take them for equal");
		return;
	}
	say(s, "): about ");
	say_count(s, "settling_repeats", repeats);
	say(s, " repeats would settle it (--repeats)");
}

bool warn_undecided(struct sentence *s, const struct session *session, const struct result *result)
{
	const struct result *first = fastest_but(session, NULL);
	const struct result *second = first ? fastest_but(session, first) : NULL;
	const struct estimate *a, *b;
	struct estimate ratio;

	/* Each point of a scan has a fastest of its own, and none of them is asked about. */
	if (!second || result != first || session->plan.n_scan)
		return false;
	a = &second->time.ns_per_op;
	b = &first->time.ns_per_op;
	s->err = estimate_ratio(a->samples, a->n_samples, b->samples, b->n_samples,
				(uint64_t)session->plan.seed, &ratio);
	if (!(ratio.ci95[0] <= 1 && ratio.ci95[1] >= 1) ||
	    (ratio.ci95[0] > 1 - SAME_WITHIN && ratio.ci95[1] < 1 + SAME_WITHIN))
		return false;
	say(s, "not told apart from ");
	say_other(s, second, result);
	say(s, ", which takes ");
	say_value(s, "ratio", ratio.median);
	say(s, " times as long (interval ");
	say_value(s, "ratio_low", ratio.ci95[0]);
	say(s, " to ");
	say_value(s, "ratio_high", ratio.ci95[1]);
	say_cure(s, &ratio, a->n_samples < b->n_samples ? a->n_samples : b->n_samples);
	return true;
}
