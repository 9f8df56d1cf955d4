/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/export.h"

#include <errno.h>

#include "perfetto/race.h"

static int put_race(struct capture_reader *capture, struct race_trace *made)
{
	const struct tb_event *event;
	int got;

	while ((got = capture_next_event(capture, &event)) > 0) {
		int err = race_trace_event(made, event);

		if (err)
			return err;
		if (made->trace->stream.err)
			return made->trace->stream.err;
	}
	return got ? -ECANCELED : race_trace_end(made);
}

static int put_races(struct capture_reader *capture, struct trace *trace, struct cpus *cpus,
		     struct tasks *tasks, struct perfetto_gaps *gaps)
{
	const struct capture_race_read *race;
	int got;

	trace_put_machine(trace, capture_read_about(capture));
	while ((got = capture_next_race(capture, &race)) > 0) {
		struct race_trace made;
		int err = race_trace_begin(&made, trace, cpus, tasks, race);

		if (!err)
			err = put_race(capture, &made);
		if (err)
			return err;
		gaps->filled_in += made.filled_in;
		gaps->not_seen += made.not_seen;
	}
	return got ? -ECANCELED : 0;
}

int perfetto_export(struct capture_reader *capture, FILE *out, struct perfetto_gaps *gaps)
{
	struct trace trace;
	int err = trace_start(&trace, out), ended;
	struct tasks *tasks = tasks_new();
	struct cpus *cpus = cpus_new(&trace);

	*gaps = (struct perfetto_gaps){ 0 };
	if (!err && (!tasks || !cpus))
		err = -ENOMEM;
	if (!err)
		err = put_races(capture, &trace, cpus, tasks, gaps);
	cpus_free(cpus);
	tasks_free(tasks);
	ended = trace_end(&trace);
	return err ? err : ended;
}
