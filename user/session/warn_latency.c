/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Warnings by what of the latency was not measured. */
#include "session/derive.h"
#include "session/warn.h"

/* As many as lie above P99, which may be just these. */
#define MISSED_PERCENT 1

bool warn_missed(struct sentence *s, const struct session *session, const struct result *result)
{
	const struct latencies *latency = result->latency;
	double percent;

	(void)session;
	if (!latency)
		return false;
	percent = derive_percent(derive_real(latency->missed),
				 derive_real(latency->count) + derive_real(latency->missed));
	if (!(percent > MISSED_PERCENT))
		return false;
	say_percent(s, "missed_percent", percent);
	say(s,
	    " of the messages that were to be timed were not, because too many of their worker's "
	    "were on their way: latencies leave out the moments when the queue was longest; ask "
	    "for a pace that it can carry (--pace)");
	return true;
}
