/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `tracebench doctor --cost`: what tracing takes here, measured on request. */
#ifndef COMMAND_DOCTOR_COST_H
#define COMMAND_DOCTOR_COST_H

#include <stdint.h>

#include "experiment/cost.h"
#include "report/report.h"
#include "session/own_cost.h"

struct doctor_cost {
	int cpu; /* on which both workers are */
	uint64_t race_ns;
	struct probe *probe;
	struct floor *floor;
	struct own_cost own;
	struct cost_finding finding;
};

/* Measures for some two seconds and shows it. Returns the exit code. */
int doctor_cost(void);

/* As output_draw() wants it, of a struct doctor_cost. */
int doctor_cost_draw(const void *what, const struct report_style *style, FILE *out);

#endif
