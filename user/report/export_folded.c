/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folded stacks, as flamegraph.pl, d3-flame-graph and speedscope read them: a line for each stack, its
 * frames from the outermost to the innermost with semicolons between them, a blank, a number.
 *
 *	turn-futex;threads;__clone3;start_thread;...;futex_wait_[i];syscall;...;__schedule_[k] 34707645
 *
 * The number is nanoseconds slept. Sleeps are below their strategy and mode, and, where there are several,
 * their number of workers and what was scanned. What ended them has a root of its own, for it is the same
 * time once more. As flamegraph.pl has it, "_[k]" marks frames of the kernel and "_[i]" inlined ones.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "report/export.h"
#include "session/fields.h"
#include "session/fleet.h"
#include "session/session.h"

#define WAKERS_ROOT "[wakers]"
#define TRUNCATED "[truncated]"
#define UNKNOWN "[unknown]"
#define KERNEL "[kernel]"

/* Of ASCII, whatever the locale. */
static bool is_control(char c)
{
	return (c >= 0 && c < ' ') || c == 0x7f;
}

/* Names may be anybody's: what has a meaning in this format becomes something else. */
static int put_name(FILE *out, const char *name)
{
	char *text = utf8_clean(name);

	if (!text)
		return -ENOMEM;
	for (char *c = text; *c; c++)
		*c = *c == ';' ? ':' : is_control(*c) ? ' ' : *c;
	fputs(text, out);
	free(text);
	return 0;
}

/* What has no symbol is told by its object, and where in there it is. */
static int put_frame(FILE *out, const struct stack_frame *frame)
{
	const char *object = frame->object ? frame->object : "";
	bool kernel = !strcmp(object, KERNEL);
	int err;

	fputc(';', out);
	if (frame->symbol)
		err = put_name(out, frame->symbol);
	else
		err = put_name(out, *object ? object : UNKNOWN);
	if (!frame->symbol && *object && frame->offset != NO_INT && !kernel)
		fprintf(out, "+0x%" PRIx64, frame->offset);
	fputs(kernel ? "_[k]" : frame->inlined ? "_[i]" : "", out);
	return err;
}

/* Which of the results of that strategy it is, where there are several. */
static int put_point(FILE *out, const struct plan_record *plan, const struct result *result)
{
	int err = 0;

	if (plan->n_workers > 1)
		fprintf(out, ";%" PRId64 " workers", result->workers);
	for (size_t i = 0; i < plan->n_scan && !err; i++) {
		const int64_t *value =
			fields_integer(&result_shape, (void *)(uintptr_t)result, plan->scan[i].key);

		if (!value || *value == NO_INT)
			continue;
		fputc(';', out);
		err = put_name(out, plan->scan[i].key);
		fprintf(out, "=%" PRId64, *value);
	}
	return err;
}

static int put_stack(FILE *out, const struct plan_record *plan, const struct result *result,
		     const struct stack_trace *stack)
{
	int err;

	if (stack->kind == STACK_WAKER)
		fputs(WAKERS_ROOT ";", out);
	err = put_name(out, result->strategy);
	fputc(';', out);
	if (!err)
		err = put_name(out, result->mode);
	if (!err)
		err = put_point(out, plan, result);
	if (stack->truncated)
		fputs(";" TRUNCATED, out);
	for (size_t i = stack->n_frames; i > 0 && !err; i--)
		err = put_frame(out, &stack->frames[i - 1]);
	fprintf(out, " %" PRId64 "\n", stack->ns);
	return err;
}

int export_folded(const struct export_source *source, FILE *out)
{
	const struct session *session = source->session;
	int err = 0;

	for (size_t i = 0; i < session->n_results; i++) {
		const struct result *result = &session->results[i];
		const struct kernel_view *kernel = result->kernel;
		bool is_void = kernel && kernel->stack_pass && !kernel->stack_pass->reconciled.ok;
		size_t n = kernel && !is_void ? kernel->n_stacks : 0;

		for (size_t j = 0; j < n && !err; j++)
			if (result->kernel->stacks[j].ns != NO_INT)
				err = put_stack(out, fleet_plan(session, result), result,
						&result->kernel->stacks[j]);
	}
	if (err)
		return err;
	return fflush(out) || ferror(out) ? -EIO : 0;
}
