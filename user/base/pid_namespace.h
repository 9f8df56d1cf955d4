/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In which pid namespace a pid means what it does to us. */
#ifndef BASE_PID_NAMESPACE_H
#define BASE_PID_NAMESPACE_H

#include <sys/stat.h>

/* Its inode, which tells it from all others of this machine; 0 when /proc does not tell, and errno
 * says why. */
static inline unsigned long pid_namespace(void)
{
	struct stat file;

	return stat("/proc/self/ns/pid", &file) ? 0 : (unsigned long)file.st_ino;
}

#endif
