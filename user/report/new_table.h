/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A libsmartcols table in a report's dress. */
#ifndef REPORT_NEW_TABLE_H
#define REPORT_NEW_TABLE_H

#include <libsmartcols.h>
#include <stdio.h>

#include "report/report.h"

/*
 * As wide on a terminal as anywhere, with so many columns of blanks between its columns. Its texts
 * have to be clean, and may hold our own colours: the library encodes nothing. NULL: no memory.
 */
struct libscols_table *new_table(const struct report_style *style, unsigned int gap, FILE *out);

#endif
