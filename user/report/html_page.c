/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page from top to bottom. Its tables are those of the views; charts are drawn by its script. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/html.h"
#include "session/number.h"

/* Wider than any table is. */
#define UNLIMITED 100000
#define MOST_BELOW 5
/* More sentences than that are folded away. */
#define MANY_RESULTS 16

typedef int part_writer(const struct view *view, FILE *out);

/* A chart, the sentence that says how to read it, and below, folded away, the figures. */
struct section {
	const char *id; /* of the section, and of the chart to the script */
	const char *title;
	const char *reading; /* HTML; NULL: there is no chart */
	const struct column_set *columns; /* NULL: no table but those below */
	part_writer *below[MOST_BELOW + 1]; /* ends with NULL */
};

static const struct section sections[] = {
	{ "budget",
	  "Where time went",
	  "The time of all tasks. A task is on a CPU, waits in a run queue, or is blocked.",
	  &budget_columns,
	  { budget_legend_write, others_write, kernel_threads_write } },
	{ "latency",
	  "Latency",
	  "The share of passes that took at most so long. Click a name to add or remove it.",
	  &latency_columns,
	  { latency_legend_write } },
	{ "scaling",
	  "Scaling",
	  "Time per increment over what was varied, with its 95&nbsp;% confidence interval.",
	  NULL,
	  { NULL } },
	{ "waits",
	  "Waits for a CPU, and off it",
	  "How long tasks waited in the run queue, and how long they were off the CPU, by duration.",
	  &switches_columns,
	  { switches_legend_write, delays_write, preemptions_write } },
	{ "wakes",
	  "Who wakes whom",
	  "An arrow goes from the waker to who is woken; the thicker, the more often.",
	  NULL,
	  { wake_edges_write } },
	{ "stacks",
	  "Stacks",
	  "The wider, the longer the sleeps that began there, or were ended from there. Click to zoom.",
	  NULL,
	  { NULL } },
	{ "locks",
	  "Locks",
	  NULL,
	  &futexes_columns,
	  { futexes_legend_write, futex_calls_write, contention_write } },
	{ "workers", "Workers", NULL, &workers_columns, { workers_legend_write } },
};

static void put_asset(const struct html_asset *asset, FILE *out)
{
	fwrite(asset->bytes, 1, asset->length, out);
}

static void put_clean(const struct view *view, const char *text, FILE *out)
{
	char *clean = text_clean(text ? text : "-", view->style);

	html_put(out, clean ? clean : "-");
	free(clean);
}

/* Nothing is fetched, and no script runs but the one whose hash this is, whatever a name holds. */
static void put_head(const struct view *view, const struct html_assets *assets, FILE *out)
{
	fputs("<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
	      "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
	      "base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src '",
	      out);
	put_asset(&assets->script_hash, out);
	fputs("'\">\n<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
	      "<meta name=color-scheme content=\"light dark\">\n<title>tracebench: ",
	      out);
	put_clean(view, view->session->host.hostname, out);
	fputs(", ", out);
	put_clean(view, view->session->started, out);
	fputs("</title>\n<style>\n", out);
	put_asset(&assets->style, out);
	fputs("</style>\n</head>\n", out);
}

static void put_link(const char *id, const char *title, bool drawn, FILE *out)
{
	fprintf(out, "<a href=\"#%s\"%s>%s</a>\n", id, drawn ? " data-drawn" : "", title);
}

/* What the script may find nothing for is hidden until it does. */
static bool is_drawn_alone(const struct section *section)
{
	return !section->columns && !section->below[0];
}

static void put_links(FILE *out)
{
	fputs("<nav>\n", out);
	put_link("summary", "Summary", false, out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		put_link(sections[i].id, sections[i].title, is_drawn_alone(&sections[i]), out);
	put_link("trust", "Trust", false, out);
	put_link("machine", "Machine and plan", false, out);
	fputs("</nav>\n", out);
}

static int put_best(const struct view *view, const struct result *best, FILE *out)
{
	char *label = view_label(view, best), text[NUMBER_TEXT];

	if (!label)
		return -ENOMEM;
	number_compact(text, best->time.ns_per_op.median);
	fputs("<p class=verdict><strong>", out);
	put_clean(view, label, out);
	fprintf(out,
		"</strong> is the fastest that shares the work and counts exactly: %s ns an "
		"increment.",
		text);
	if (best->verdict) {
		fputs(" <span>", out);
		put_clean(view, best->verdict, out);
		fputs("</span>", out);
	}
	fputs("</p>\n", out);
	free(label);
	return 0;
}

/* The answer before the figures. A scan has one for each of its points, and the table has stars. */
static int put_verdict(const struct view *view, FILE *out)
{
	const struct result *best = NULL;

	for (size_t i = 0; i < view->session->n_results; i++) {
		const struct result *result = &view->session->results[i];

		if (view_is_best(view, result) &&
		    (!best || result->time.ns_per_op.median < best->time.ns_per_op.median))
			best = result;
	}
	return best ? put_best(view, best, out) : 0;
}

static int put_top(const struct view *view, FILE *out)
{
	int err;

	fputs("<header>\n<button id=theme type=button hidden>Dark</button>\n<h1>tracebench <small>",
	      out);
	put_clean(view, view->session->host.hostname, out);
	fputs(" · ", out);
	put_clean(view, view->session->started, out);
	fputs("</small></h1>\n", out);
	err = put_verdict(view, out);
	if (!err)
		err = header_write(view, out);
	if (!err && view->session->n_warnings) {
		fputs("<div class=warnings>\n", out);
		err = warnings_show(view, out);
		fputs("</div>\n", out);
	}
	fputs("</header>\n", out);
	return err;
}

static void put_chart(const char *id, const char *reading, FILE *out)
{
	fprintf(out,
		"<figure class=chart data-chart=%s><figcaption>%s</figcaption></figure>\n"
		"<noscript><p>The chart needs JavaScript; the tables do not.</p></noscript>\n",
		id, reading);
}

static int put_summary(const struct view *view, FILE *out)
{
	bool many = view->session->n_results > MANY_RESULTS;
	struct view rows = *view;
	int err;

	rows.columns = &summary_columns;
	fputs("<section id=summary>\n<h2>Summary</h2>\n", out);
	put_chart("speed",
		  "Time per increment: the median, its 95&nbsp;% confidence interval, and a dot "
		  "for every repeat. Less is better.",
		  out);
	err = rows_write(&rows, out);
	if (!err)
		err = legend_write(&rows, out);
	fprintf(out, "<details%s><summary>What happened, strategy by strategy</summary>\n",
		many ? "" : " open");
	if (!err)
		err = verdicts_write(&rows, out);
	fputs("</details>\n</section>\n", out);
	return err;
}

static int put_section(const struct view *view, const struct section *section, FILE *out)
{
	bool folded = !is_drawn_alone(section);
	struct view rows = *view;
	int err = 0;

	rows.columns = section->columns ? section->columns : view->columns;
	fprintf(out, "<section id=%s%s>\n<h2>%s</h2>\n", section->id,
		is_drawn_alone(section) ? " hidden" : "", section->title);
	if (section->reading)
		put_chart(section->id, section->reading, out);
	if (folded)
		fprintf(out, "<details%s><summary>Figures</summary>\n",
			section->reading ? "" : " open");
	if (section->columns)
		err = rows_write(&rows, out);
	for (size_t i = 0; section->below[i] && !err; i++)
		err = section->below[i](&rows, out);
	fputs(folded ? "</details>\n</section>\n" : "</section>\n", out);
	return err;
}

static int put_trust(const struct view *view, FILE *out)
{
	int err;

	fputs("<section id=trust>\n<h2>Trust</h2>\n", out);
	err = trust_write(view, out);
	if (!err)
		err = hardware_write(view, out);
	html_checks(view, out);
	fputs("</section>\n", out);
	return err;
}

static int put_body(const struct view *view, FILE *out)
{
	int err = put_top(view, out);

	put_links(out);
	fputs("<main>\n", out);
	if (!err && view->session->n_results)
		err = put_summary(view, out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]) && !err; i++)
		if (view->session->n_results)
			err = put_section(view, &sections[i], out);
	if (!err)
		err = put_trust(view, out);
	if (err)
		return err;
	fputs("<section id=machine>\n<h2>Machine and plan</h2>\n", out);
	err = html_facts(view->session, out);
	fputs("</section>\n</main>\n", out);
	return err;
}

static void put_licences(const struct html_assets *assets, FILE *out)
{
	fputs("<footer>\n<details id=licences><summary>Licences of what draws the charts</summary>\n<pre>",
	      out);
	put_asset(&assets->licences, out);
	fputs("</pre></details>\n</footer>\n", out);
}

static int put_scripts(const struct view *view, const struct html_assets *assets, FILE *out)
{
	int err;

	fputs("<script type=\"application/json\" id=data>", out);
	err = html_data(view->session, out);
	fputs("</script>\n<script>", out);
	put_asset(&assets->script, out);
	fputs("</script>\n</body>\n</html>\n", out);
	return err;
}

static int put_page(const struct session *session, const struct report_style *style,
		    const struct html_assets *assets, FILE *out)
{
	struct view view;
	int err = view_open(&view, session, style);

	if (err)
		return err;
	view.columns = &summary_columns;
	put_head(&view, assets, out);
	fputs("<body>\n", out);
	err = put_body(&view, out);
	put_licences(assets, out);
	if (!err)
		err = put_scripts(&view, assets, out);
	view_close(&view);
	if (!err && (fflush(out) || ferror(out)))
		err = -EIO;
	return err;
}

int html_page(const struct session *session, const struct html_assets *assets, FILE *out)
{
	struct report_style style = { .width = UNLIMITED, .html = true };
	locale_t before = text_begin_utf8(&style);
	int err = put_page(session, &style, assets, out);

	text_end_utf8(before);
	return err;
}
