/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What slices, instants and processes are called. */
#ifndef PERFETTO_LABELS_H
#define PERFETTO_LABELS_H

#include "capture/read.h"
#include "perfetto/tasks.h"
#include "perfetto/trace.h"

struct labels {
	const struct capture_race_read *race;
	struct tasks *tasks;
};

/* A label_writer of a struct labels. */
label_writer label_write;

/* "mutex, threads, 2 workers, repeat 3" */
void label_race(const struct capture_race *race, char label[LABEL]);

#endif
