/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which results of two sessions belong together. Internal to comparison.c. */
#ifndef SESSION_PAIRING_H
#define SESSION_PAIRING_H

#include "session/comparison.h"

/* Fills rows and those without a partner from the two sessions. Returns 0 or -ENOMEM. */
int pairing_make(struct comparison *comparison);

#endif
