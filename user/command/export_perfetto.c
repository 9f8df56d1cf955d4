/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --export=perfetto: a capture as a trace. */
#include <errno.h>
#include <inttypes.h>

#include "base/log.h"
#include "perfetto/export.h"
#include "report/export.h"

/* One line on what is missing at its end, if anything is. */
static void tell_reach(struct export_capture *capture, const struct capture_reach *reach)
{
	if (reach->complete || capture->cut_short)
		return;
	capture->cut_short = true;
	if (reach->damage.why)
		log_error("%s: is damaged at byte %" PRIu64 ": %s. Read up to there: %" PRIu64
			  " races, %" PRIu64 " events",
			  capture->name, reach->damage.offset, reach->damage.why, reach->races,
			  reach->events);
	else
		log_error("%s: is incomplete: it ends at byte %" PRIu64
			  ", before the run did. Read: %" PRIu64 " races, %" PRIu64 " events",
			  capture->name, reach->bytes, reach->races, reach->events);
}

static void tell_gaps(const struct export_capture *capture, const struct perfetto_gaps *gaps)
{
	if (gaps->not_seen)
		log_warning("%s: %" PRIu64
			    " switches of the races' own tasks are not in it; the trace "
			    "shows '(not recorded)' there",
			    capture->name, gaps->not_seen);
}

int export_perfetto(const struct export_source *source, FILE *out)
{
	struct export_capture *capture = source->capture;
	struct capture_reader *reader;
	struct capture_reach reach;
	struct perfetto_gaps gaps;
	int err;

	if (capture_open(capture->name, capture->fd, &reader))
		return -ECANCELED;
	err = perfetto_export(reader, out, &gaps);
	reach = capture_reached(reader);
	capture_close(reader);
	if (err)
		return err;
	tell_gaps(capture, &gaps);
	tell_reach(capture, &reach);
	return 0;
}
