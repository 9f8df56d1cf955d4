/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/comparison.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "session/pairing.h"
#include "session/sentence.h"
#include "session/settle.h"

/* Resampling has to be repeatable: the same files give the same verdicts. */
#define COMPARE_SEED 1

/* What lost updates did less than it was to do, and is no faster for that. */
static bool is_valid(const struct result *result)
{
	const struct counter *counter = &result->counter;

	return result->status == RESULT_OK &&
	       !(counter->promises_exact && counter->lost != NO_INT && counter->lost != 0);
}

static const double *times_of(const struct result *result, size_t *n)
{
	const struct estimate *time = &result->time.ns_per_op;

	*n = is_valid(result) && time->n_samples <= SETTLE_MOST ? time->n_samples : 0;
	return time->samples;
}

static int measure_row(struct compared *row)
{
	size_t n_base, n_now;
	const double *base = times_of(row->base, &n_base);
	const double *now = times_of(row->now, &n_now);

	return effect_measure(base, n_base, now, n_now, COMPARE_SEED, &row->effect);
}

static int measure_rows(struct comparison *comparison)
{
	int err = 0;

	for (size_t i = 0; i < comparison->n_rows && !err; i++) {
		err = measure_row(&comparison->rows[i]);
		if (!isnan(comparison->rows[i].effect.ratio))
			comparison->n_tested++;
	}
	return err;
}

static int adjust(struct comparison *comparison)
{
	double *p = calloc(2 * comparison->n_rows + 1, sizeof(double));
	double *adjusted;
	int err;

	if (!p)
		return -ENOMEM;
	adjusted = p + comparison->n_rows;
	for (size_t i = 0; i < comparison->n_rows; i++)
		p[i] = comparison->rows[i].effect.p;
	err = effect_holm(p, comparison->n_rows, adjusted);
	for (size_t i = 0; i < comparison->n_rows && !err; i++)
		comparison->rows[i].p = adjusted[i];
	free(p);
	return err;
}

static bool is_within_band(const struct comparison *comparison, const struct compared *row)
{
	double band = log1p(comparison->rules.same_within);

	return log(row->ci95[0]) >= -band && log(row->ci95[1]) <= band;
}

static bool is_enough(const struct comparison *comparison, const struct compared *row)
{
	return effect_is_enough(row->base->time.ns_per_op.n_samples,
				row->now->time.ns_per_op.n_samples, comparison->n_tested);
}

static enum compared_verdict judge(const struct comparison *comparison, const struct compared *row)
{
	double away = log(row->effect.ratio);

	if (isnan(away))
		return COMPARED_NOT_TIMED;
	if (!is_enough(comparison, row))
		return COMPARED_TOO_FEW;
	if (is_within_band(comparison, row))
		return COMPARED_SAME;
	if (row->p < EFFECT_ALPHA && fabs(away) > log1p(comparison->rules.same_within)) {
		if (row->ci95[0] > 1)
			return COMPARED_SLOWER;
		if (row->ci95[1] < 1)
			return COMPARED_FASTER;
	}
	return COMPARED_UNDECIDED;
}

/*
 * What would settle an undecided row: its interval inside the band where the medians are, or else
 * beyond one. Four times of five, for which the interval has to be that much narrower (settle_ratio()).
 */
static int64_t repeats_wanted(const struct comparison *comparison, const struct compared *row,
			      double confidence)
{
	const double power = 1.959964 / (1.959964 + 0.841621);
	double away = fabs(log(row->effect.ratio)), band = log1p(comparison->rules.same_within);
	int64_t wanted = away < band ? effect_settle(&row->effect, 0.95, (band - away) * power) :
				       effect_settle(&row->effect, confidence, away * power);

	/* It has them already and is undecided all the same. */
	return wanted == NO_INT || (size_t)wanted <= row->effect.n ? NO_INT : wanted;
}

static int judge_row(const struct comparison *comparison, struct compared *row)
{
	double confidence =
		1 - EFFECT_ALPHA / (double)(comparison->n_tested ? comparison->n_tested : 1);
	bool slower;

	effect_interval(&row->effect, 0.95, row->ci95);
	effect_interval(&row->effect, confidence, row->sure);
	row->verdict = judge(comparison, row);
	row->settle = NO_INT;
	if (row->verdict == COMPARED_TOO_FEW)
		row->settle = effect_fewest(comparison->n_tested);
	if (row->verdict == COMPARED_UNDECIDED)
		row->settle = repeats_wanted(comparison, row, confidence);
	slower = row->verdict == COMPARED_SLOWER;
	/* Not where no limit was set, which is NaN. */
	row->regressed = slower && row->sure[0] > 1 + comparison->rules.fail_above;
	if (!slower && row->verdict != COMPARED_FASTER)
		return 0;
	cause_find(row->base, row->now, slower, &row->cause);
	return cause_write(&row->cause, &row->why, &row->figures, &row->n_figures);
}

int comparison_make(const struct session *base, const struct session *now,
		    const struct comparison_rules *rules, struct comparison **comparison)
{
	struct comparison *made = calloc(1, sizeof(*made));
	int err = made ? 0 : -ENOMEM;

	*comparison = NULL;
	if (!err) {
		*made = (struct comparison){ .base = base, .now = now, .rules = *rules };
		err = pairing_make(made);
	}
	if (!err)
		err = differences_find(base, now, &made->differences, &made->n_differences);
	if (!err)
		err = measure_rows(made);
	if (!err)
		err = adjust(made);
	for (size_t i = 0; !err && i < made->n_rows; i++)
		err = judge_row(made, &made->rows[i]);
	if (err)
		comparison_free(made);
	else
		*comparison = made;
	return err;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	for (size_t i = 0; i < comparison->n_rows; i++) {
		free(comparison->rows[i].why);
		figures_free(comparison->rows[i].figures, comparison->rows[i].n_figures);
	}
	free(comparison->rows);
	free(comparison->only_base);
	free(comparison->only_now);
	differences_free(comparison->differences, comparison->n_differences);
	free(comparison);
}

size_t comparison_count(const struct comparison *comparison, enum compared_verdict verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < comparison->n_rows; i++)
		n += comparison->rows[i].verdict == verdict;
	return n;
}

bool comparison_regressed(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->n_rows; i++)
		if (comparison->rows[i].regressed)
			return true;
	return false;
}

const char *compared_verdict_name(enum compared_verdict verdict)
{
	static const char *const names[COMPARED_VERDICTS] = {
		[COMPARED_SLOWER] = "slower",
		[COMPARED_FASTER] = "faster",
		[COMPARED_SAME] = "same",
		[COMPARED_UNDECIDED] = "undecided",
		[COMPARED_TOO_FEW] = "too few repeats",
		[COMPARED_NOT_TIMED] = "not timed",
	};

	return names[verdict];
}
