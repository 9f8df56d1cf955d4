/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/symbols_kernel.h"
#include "base/symbols_user.h"

struct symbols {
	struct user_symbols user;
	FILE *kallsyms; /* NULL: read, or not there */
	int kernel_error; /* negative errno; 0 */
	struct kernel_symbols kernel;
	char obstacle[128];
};

/*
 * The list is made while it is read, for 60 to 90 ms, and whether it has addresses in it was decided
 * when it was opened, by the rights of that time (kallsyms_open() in kernel/kallsyms.c, f_cred).
 */
int symbols_open(struct symbols **symbols)
{
	struct symbols *opened = calloc(1, sizeof(*opened));

	if (!opened)
		return -ENOMEM;
	opened->kallsyms = fopen("/proc/kallsyms", "re");
	if (!opened->kallsyms)
		opened->kernel_error = -errno;
	user_symbols_open(&opened->user);
	*symbols = opened;
	return 0;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	if (symbols->kallsyms)
		fclose(symbols->kallsyms);
	kernel_symbols_free(&symbols->kernel);
	user_symbols_close(&symbols->user);
	free(symbols);
}

static void read_kernel(struct symbols *symbols)
{
	if (!symbols->kallsyms)
		return;
	symbols->kernel_error = kernel_symbols_read(symbols->kallsyms, &symbols->kernel);
	fclose(symbols->kallsyms);
	symbols->kallsyms = NULL;
	/* Half a list would have symbols reach as far as to those that are missing. */
	if (symbols->kernel_error)
		kernel_symbols_free(&symbols->kernel);
}

bool symbols_kernel(struct symbols *symbols, uint64_t address, char name[SYMBOL_NAME])
{
	read_kernel(symbols);
	return kernel_symbols_find(&symbols->kernel, address, name);
}

const char *symbols_kernel_obstacle(struct symbols *symbols)
{
	read_kernel(symbols);
	if (symbols->kernel.n_named > 0)
		return NULL;
	if (symbols->kernel_error) {
		snprintf(symbols->obstacle, sizeof(symbols->obstacle), "/proc/kallsyms: %s%s",
			 strerror(-symbols->kernel_error),
			 symbols->kernel_error == -ENOENT ? " (CONFIG_KALLSYMS)" : "");
		return symbols->obstacle;
	}
	if (symbols->kernel.hidden)
		return "/proc/kallsyms hides all addresses: run as root or with CAP_SYSLOG, and "
		       "kernel.kptr_restrict below 2";
	return "/proc/kallsyms has no data in it (CONFIG_KALLSYMS_ALL)";
}

bool symbols_user(struct symbols *symbols, uint64_t address, char name[SYMBOL_NAME])
{
	return user_symbols_find(&symbols->user, address, name);
}
