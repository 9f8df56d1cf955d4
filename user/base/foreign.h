/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that others chose, such as the name of a process, made fit for every output. */
#ifndef BASE_FOREIGN_H
#define BASE_FOREIGN_H

#include <stddef.h>

/*
 * Up to `size` bytes, or to a zero before, as printable ASCII: a backslash becomes two, any other
 * byte that is not from ' ' to '~' becomes \xNN. So different bytes stay different, and nothing is
 * left that could break a line, drive a terminal or be invalid UTF-8. To be freed; NULL: no memory.
 */
char *foreign_text(const char *bytes, size_t size);

/*
 * A string in the same manner, into `text` of `size` bytes, at least 4. What does not fit is cut
 * behind a whole character or escape, and "..." says so.
 */
void foreign_fit(const char *bytes, char *text, size_t size);

#endif
