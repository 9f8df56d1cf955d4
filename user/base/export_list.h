/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be exported, in the order of the help. A line X(name, need) here and an
 * `int export_name(const struct export_source *, FILE *)` in a file of its own in report/, or in
 * command/ where it is not made of a session, make a kind (report/export.h).
 */
#ifndef BASE_EXPORT_LIST_H
#define BASE_EXPORT_LIST_H

/* clang-format off */
#define EXPORT_LIST(X) \
	X(json, EXPORT_OF_SESSION) \
	X(ndjson, EXPORT_OF_SESSION) \
	X(csv, EXPORT_OF_SESSION) \
	X(markdown, EXPORT_OF_SESSION) \
	X(plain, EXPORT_OF_SESSION) \
	X(openmetrics, EXPORT_OF_SESSION) \
	X(bmf, EXPORT_OF_SESSION) \
	X(html, EXPORT_OF_SESSION | EXPORT_OF_ASSETS) \
	X(perfetto, EXPORT_OF_CAPTURE) \
	X(folded, EXPORT_OF_SESSION | EXPORT_OF_STACKS)
/* clang-format on */

/* What a kind is made of: bits. */
enum export_need {
	EXPORT_OF_SESSION = 1,
	EXPORT_OF_STACKS = 2, /* that are in the session */
	EXPORT_OF_CAPTURE = 4, /* a timeline (capture/format.h) */
	EXPORT_OF_ASSETS = 8, /* that the program was built with: report/html.h */
};

#define EXPORT_ENUM(name, need) EXPORT_##name,
enum export_kind { EXPORT_LIST(EXPORT_ENUM) EXPORT_KINDS };
#undef EXPORT_ENUM

#endif
