/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/symbols.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/foreign.h"
#include "base/symbols_kernel.h"
#include "base/symbols_user.h"

struct symbols {
	struct user_symbols user;
	struct unwinder unwinder;
	FILE *kallsyms; /* NULL: not there */
	int kernel_error; /* negative errno; 0 */
	struct kernel_symbols kernel[2]; /* by enum kernel_part */
	bool was_read[2];
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
	kernel_symbols_free(&symbols->kernel[KERNEL_DATA]);
	kernel_symbols_free(&symbols->kernel[KERNEL_CODE]);
	unwinder_free(&symbols->unwinder);
	user_symbols_close(&symbols->user);
	free(symbols);
}

static const struct kernel_symbols *read_kernel(struct symbols *symbols, enum kernel_part part)
{
	struct kernel_symbols *kernel = &symbols->kernel[part];
	int err;

	if (!symbols->kallsyms || symbols->was_read[part])
		return kernel;
	symbols->was_read[part] = true;
	rewind(symbols->kallsyms);
	err = kernel_symbols_read(symbols->kallsyms, part, kernel);
	if (!err)
		return kernel;
	/* Half a list would have symbols reach as far as to those that are missing. */
	kernel_symbols_free(kernel);
	symbols->kernel_error = err;
	return kernel;
}

bool symbols_kernel(struct symbols *symbols, uint64_t address, char name[SYMBOL_NAME])
{
	return kernel_symbols_find(read_kernel(symbols, KERNEL_DATA), address, name);
}

void symbols_kernel_frame(struct symbols *symbols, uint64_t address, unsigned int call,
			  struct code_frame *frame)
{
	const struct kernel_symbols *code = read_kernel(symbols, KERNEL_CODE);
	uint64_t offset;
	const char *name = kernel_symbols_at(code, address - call, &offset);

	*frame = (struct code_frame){ .object = FRAME_KERNEL };
	if (!name)
		return;
	foreign_fit(name, frame->symbol, FRAME_SYMBOL);
	frame->offset = offset + call;
}

int symbols_unwind(struct symbols *symbols, const struct user_stack *stack, see_frame *see,
		   void *context)
{
	return unwind(&symbols->unwinder, symbols->user.program_fd, symbols->user.program, stack,
		      see, context);
}

const char *symbols_kernel_obstacle(struct symbols *symbols)
{
	const struct kernel_symbols *kernel = read_kernel(symbols, KERNEL_DATA);

	if (kernel->n_named > 0)
		return NULL;
	if (symbols->kernel_error) {
		snprintf(symbols->obstacle, sizeof(symbols->obstacle), "/proc/kallsyms: %s%s",
			 strerror(-symbols->kernel_error),
			 symbols->kernel_error == -ENOENT ? " (CONFIG_KALLSYMS)" : "");
		return symbols->obstacle;
	}
	if (kernel->hidden)
		return "/proc/kallsyms hides all addresses: run as root or with CAP_SYSLOG, and "
		       "kernel.kptr_restrict below 2";
	return "/proc/kallsyms has no data in it (CONFIG_KALLSYMS_ALL)";
}

bool symbols_user(struct symbols *symbols, uint64_t address, char name[SYMBOL_NAME])
{
	return user_symbols_find(&symbols->user, address, name);
}
