/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command/tracing.h"

#include "base/exit.h"

int tracing_load(enum trace_wish wish, const struct probe_options *options,
		 const char *what_there_is, struct tracing_state *tracing)
{
	int err = 0;

	*tracing = (struct tracing_state){ 0 };
	if (wish != TRACE_OFF)
		err = probe_load(options, &tracing->probe);
	if (!err)
		return EXIT_DONE;
	untraced_find_reason(err, tracing->obstacle);
	untraced_tell(wish, tracing->obstacle, what_there_is);
	return wish == TRACE_REQUIRE ? EXIT_NOT_TRACED : EXIT_DONE;
}

json_t *tracing_json(const struct tracing_state *tracing)
{
	const char *status = tracing->probe ? "on" : *tracing->obstacle ? "unavailable" : "off";

	return json_pack("{s:s, s:s?}", "status", status, "reason",
			 *tracing->obstacle ? tracing->obstacle : NULL);
}

void tracing_put(const struct tracing_state *tracing, FILE *out)
{
	if (tracing->probe)
		fputs("traced by BPF", out);
	else
		fprintf(out, "not traced%s%s", *tracing->obstacle ? ": " : "", tracing->obstacle);
}
