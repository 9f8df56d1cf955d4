/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture as a trace that ui.perfetto.dev and its trace processor read. */
#ifndef PERFETTO_EXPORT_H
#define PERFETTO_EXPORT_H

#include <stdint.h>
#include <stdio.h>

#include "capture/read.h"

/* What is not in the capture, of all races. */
struct perfetto_gaps {
	uint64_t filled_in; /* gaps between strangers: switches that a capture does not have */
	uint64_t not_seen; /* switches of the races' own tasks, which it should have */
};

/*
 * Writes all races to `out`, as a stream, and flushes it. The memory that it takes does not grow with
 * the capture. Returns 0, -ENOMEM, -EIO when `out` did not take everything, or -ECANCELED after
 * one line on stderr where the capture could not be read. capture_reached() then tells how far it
 * went.
 */
int perfetto_export(struct capture_reader *capture, FILE *out, struct perfetto_gaps *gaps);

#endif
