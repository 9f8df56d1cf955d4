/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where tasks slept and were woken from: over all races in which that was looked for. */
#include <errno.h>
#include <stdlib.h>

#include "session/fields.h"
#include "session/merge.h"

static int longest_first(const void *a, const void *b)
{
	const struct stack_trace *left = a, *right = b;

	if (left->kind != right->kind)
		return left->kind - right->kind;
	return (left->ns < right->ns) - (left->ns > right->ns);
}

static int merge_name(char **to, const char *name)
{
	return merge_text(to, *name ? name : NULL);
}

/* What stands for a stack that is not there is in no object, and has no offset. */
static int merge_frame(const struct code_frame *from, struct stack_frame *frame)
{
	int err = merge_name(&frame->symbol, from->symbol);

	frame->offset = *from->object && !from->inlined ? (int64_t)from->offset : NO_INT;
	frame->line = from->line ? (int64_t)from->line : NO_INT;
	frame->inlined = from->inlined;
	if (!err)
		err = merge_name(&frame->object, from->object);
	return err ? err : merge_name(&frame->file, from->file);
}

static int merge_trace(const struct stack_sum *sum, struct stack_trace *trace)
{
	int err = 0;

	trace->kind = (int)sum->kind;
	trace->truncated = sum->truncated;
	trace->count = (int64_t)sum->count;
	trace->ns = (int64_t)sum->ns;
	trace->frames = calloc(sum->n_frames + 1, sizeof(*trace->frames));
	if (!trace->frames)
		return -ENOMEM;
	for (size_t i = 0; i < sum->n_frames && !err; i++)
		err = merge_frame(&sum->frames[i], &trace->frames[trace->n_frames++]);
	return err;
}

static int merge_traces(const struct stack_sums *sums, struct kernel_view *kernel)
{
	int err = 0;

	kernel->stacks = calloc(sums->n + 1, sizeof(*kernel->stacks));
	if (!kernel->stacks)
		return -ENOMEM;
	for (size_t i = 0; i < sums->n && !err; i++)
		err = merge_trace(&sums->stacks[i], &kernel->stacks[kernel->n_stacks++]);
	qsort(kernel->stacks, kernel->n_stacks, sizeof(*kernel->stacks), longest_first);
	return err;
}

static int64_t blocked_ns(const struct counts *total)
{
	uint64_t sum = 0;

	for (int i = 0; i < TB_REASONS; i++)
		sum += total->blocked_ns[i];
	return (int64_t)sum;
}

static int64_t truncated(const struct stack_sums *sums)
{
	uint64_t count = 0;

	for (size_t i = 0; i < sums->n; i++)
		count += sums->stacks[i].truncated ? sums->stacks[i].count : 0;
	return (int64_t)count;
}

static int merge_pass(const struct merge_input *input, const struct record *record,
		      struct stack_pass *pass)
{
	const struct traced *traced = &record->stacks;
	struct counts total;
	int err;

	fields_clear(&stack_pass_shape, pass);
	traced_sum(traced, &total);
	pass->repeats = (int64_t)traced->ns_per_op.n;
	pass->ops = (int64_t)total.ops;
	pass->sleeps = (int64_t)total.wakeups;
	pass->blocked_ns = blocked_ns(&total);
	pass->samples = (int64_t)traced->stacks.samples;
	pass->truncated = truncated(&traced->stacks);
	pass->recovered = (int64_t)total.recovered;
	merge_losses(traced, &total, &pass->lost);
	pass->lost.stacks = (int64_t)traced->stacks.lost;
	err = reconcile(LEVEL_STACKS, input->ways, traced, &total, &pass->reconciled);
	return err ? err : merge_slowdown(input, record, traced, &pass->slowdown);
}

int merge_stacks(const struct merge_input *input, const struct record *record,
		 struct kernel_view *kernel)
{
	int err;

	if (!record->stacks.ns_per_op.n)
		return 0;
	kernel->stack_pass = calloc(1, sizeof(*kernel->stack_pass));
	if (!kernel->stack_pass)
		return -ENOMEM;
	err = merge_pass(input, record, kernel->stack_pass);
	return err ? err : merge_traces(&record->stacks.stacks, kernel);
}
