/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/cell.h"

#include <math.h>
#include <string.h>

#include "session/derive.h"
#include "session/number.h"

/* Beyond this three digits do. */
#define MOST_DIGITS 10000

void cell_put(FILE *out, double value, const char *after)
{
	char text[NUMBER_TEXT];

	number_compact(text, value);
	if (value > 0 && value < 0.001)
		strcpy(text, "<0.001");
	fprintf(out, "%s%s", text, isfinite(value) ? after : "");
}

void cell_put_whole(FILE *out, int64_t count)
{
	if (count > -MOST_DIGITS && count < MOST_DIGITS)
		view_put_count(out, count);
	else
		cell_put(out, derive_real(count), "");
}

void cell_put_percent(FILE *out, double percent, double decimals_below)
{
	if (!isfinite(percent))
		fputc('-', out);
	else if (percent == 0)
		fputc('0', out);
	else if (percent < 0.05)
		fputs("<0.1%", out);
	else if (percent >= 99.95 && percent < 100)
		fputs(">99.9%", out);
	else if (percent >= 999.5)
		fputs(">999%", out);
	else
		fprintf(out, "%.*f%%", percent < decimals_below, percent);
}

void cell_put_duration(FILE *out, double ns)
{
	const char *unit;
	char text[NUMBER_TEXT];

	number_time(text, ns, &unit);
	if (!isfinite(ns))
		fputc('-', out);
	else if (ns < 9.995e12)
		fprintf(out, "%s %s", text, unit);
	else
		cell_put(out, ns / 1e9, " s");
}

void cell_put_time(FILE *out, int64_t ns)
{
	cell_put_duration(out, derive_real(ns));
}

void cell_put_latency(FILE *out, int64_t ns)
{
	if (ns >= 0 && ns < 100)
		fprintf(out, "%d ns", (int)ns);
	else
		cell_put_time(out, ns);
}

const struct sleeps *cell_sleeps(const struct result *result, FILE *out, enum paint *paint)
{
	const struct sleeps *sleeps = derive_sleeps(result);

	if (!sleeps)
		fputc('-', out);
	if (!sleeps || sleeps->reconciled.ok)
		return sleeps;
	fputs("void", out);
	*paint = ALARM;
	return NULL;
}

void cell_put_per_kop(const struct result *result, int64_t count, FILE *out, enum paint *paint)
{
	const struct sleeps *sleeps = cell_sleeps(result, out, paint);

	if (sleeps)
		cell_put(out, derive_per_kop(derive_real(count), derive_real(sleeps->ops)), "");
}
