/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits that an administrator sets in /proc/sys. */
#ifndef BASE_SYSCTL_H
#define BASE_SYSCTL_H

/* The number in a file there; `otherwise` where there is no such file or no number in it. */
long sysctl_read(const char *path, long otherwise);

#endif
