/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the time went, as a bar. Cells are apportioned by largest remainder (Hamilton's method):
 * each part gets the whole cells of its share, those left over go to the largest fractions. A part
 * that is there but tiny may so vanish. Unaccounted time must not: above 1 % it has a cell.
 */
#include <math.h>
#include <string.h>

#include "report/view.h"
#include "session/derive.h"

enum { USER, SYSTEM, RUN_QUEUE, BLOCKED, UNACCOUNTED, BAR_PARTS };

static const struct {
	char letter;
	enum paint paint;
} parts[BAR_PARTS] = {
	[USER] = { '|', GREEN },   [SYSTEM] = { 's', RED },	   [RUN_QUEUE] = { 'r', YELLOW },
	[BLOCKED] = { '.', BLUE }, [UNACCOUNTED] = { '?', ALARM },
};

static int largest(const double value[BAR_PARTS])
{
	int best = 0, i;

	for (i = 1; i < BAR_PARTS; i++)
		if (value[i] > value[best])
			best = i;
	return best;
}

static void apportion(const double ns[BAR_PARTS], double total, double cells[BAR_PARTS])
{
	double rest[BAR_PARTS];
	int left = BUDGET_CELLS, i;

	for (i = 0; i < BAR_PARTS; i++) {
		double share = BUDGET_CELLS * (ns[i] / total);

		cells[i] = floor(share);
		rest[i] = share - cells[i];
		left -= (int)cells[i];
	}
	while (left-- > 0) {
		i = largest(rest);
		cells[i]++;
		rest[i] = -1;
	}
	if (ns[UNACCOUNTED] / total > 0.01 && cells[UNACCOUNTED] < 1) {
		cells[largest(cells)]--;
		cells[UNACCOUNTED] = 1;
	}
}

void budget_bar(const struct budget *budget, double system_percent, char bar[BUDGET_CELLS + 1])
{
	double system_ns =
		isfinite(system_percent) ? derive_real(budget->on_cpu) * system_percent / 100 : 0;
	/* Parts that add up to more than the wall leave less than nothing: as wrong as too little. */
	const double ns[BAR_PARTS] = {
		[USER] = derive_real(budget->on_cpu) - system_ns,
		[SYSTEM] = system_ns,
		[RUN_QUEUE] = derive_real(budget->run_queue),
		[BLOCKED] = derive_blocked_ns(&budget->blocked),
		[UNACCOUNTED] = fabs(derive_real(budget->unaccounted)),
	};
	double total = 0, cells[BAR_PARTS];
	bool sound = true;
	size_t at = 0;
	int i;

	for (i = 0; i < BAR_PARTS; i++) {
		total += ns[i];
		sound = sound && ns[i] >= 0;
	}
	if (!sound || !(total > 0)) {
		strcpy(bar, "-");
		return;
	}
	apportion(ns, total, cells);
	for (i = 0; i < BAR_PARTS; i++) {
		memset(bar + at, parts[i].letter, (size_t)cells[i]);
		at += (size_t)cells[i];
	}
	bar[at] = '\0';
}

static enum paint paint_of(char letter)
{
	int i;

	for (i = 0; i < BAR_PARTS; i++)
		if (parts[i].letter == letter)
			return parts[i].paint;
	return PLAIN;
}

void budget_paint(const char *bar, FILE *out)
{
	while (*bar) {
		size_t run = 1;

		while (bar[run] == *bar)
			run++;
		fprintf(out, "%s%.*s%s", paint_start(paint_of(*bar)), (int)run, bar,
			paint_of(*bar) == PLAIN ? "" : PAINT_END);
		bar += run;
	}
}
