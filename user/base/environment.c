/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/environment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

static bool begins_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Says how to read or to show something, in ways that the caller could also ask for by options. */
static bool is_harmless(const char *variable)
{
	static const char *const prefixes[] = {
		"HOME=",     "XDG_CONFIG_HOME=", "TRACEBENCH_", "TERM=", "COLUMNS=",
		"NO_COLOR=", "FORCE_COLOR=",	 "LANG=",	"LC_"
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (begins_with(variable, prefixes[i]))
			return true;
	return false;
}

void environment_restrict(void)
{
	char **kept = environ;

	if (!getauxval(AT_SECURE))
		return;
	for (char **variable = environ; variable && *variable; variable++)
		if (is_harmless(*variable))
			*kept++ = *variable;
	if (kept)
		*kept = NULL;
}
