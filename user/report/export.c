/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/export.h"

#define EXPORT(name, need) { #name, need, export_##name },
const struct exporter exporters[EXPORT_KINDS] = { EXPORT_LIST(EXPORT) };
