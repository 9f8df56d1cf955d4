/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/stack_sum.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* One stack in the making. */
struct draft {
	struct stack_sum sum;
	int err;
};

static void add_frame(void *context, const struct code_frame *frame)
{
	struct draft *draft = context;
	struct code_frame *added;

	if (draft->err)
		return;
	added = array_append(&draft->sum.frames, &draft->sum.n_frames, sizeof(*added));
	if (added)
		*added = *frame;
	else
		draft->err = -ENOMEM;
}

static void add_stand_in(struct draft *draft, const char *what)
{
	struct code_frame frame = { .line = 0 };

	snprintf(frame.symbol, sizeof(frame.symbol), "%s", what);
	add_frame(draft, &frame);
}

/* Programs of the probe, and what calls them from a tracepoint. */
static bool is_of_probe(const struct code_frame *frame)
{
	static const char *const names[] = { "bpf_", "__bpf_", "__traceiter_" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(frame->symbol, names[i], strlen(names[i])))
			return true;
	return false;
}

/* So many of the first frames may be the probe's. */
#define OWN_FRAMES 8

/*
 * Where the kernel was, from the tracepoint on. Names are all that is told, so of frames without any
 * one stands for those beside it.
 */
static void add_kernel(struct draft *draft, struct symbols *symbols, const struct tb_sample *sample)
{
	struct code_frame frames[TB_KERNEL_FRAMES];
	size_t n = sample->kernel_frames < TB_KERNEL_FRAMES ? sample->kernel_frames :
							      TB_KERNEL_FRAMES;
	size_t first = 0;

	for (size_t i = 0; i < n; i++) {
		symbols_kernel_frame(symbols, sample->kernel[i], i > 0, &frames[i]);
		if (i < OWN_FRAMES && is_of_probe(&frames[i]))
			first = i + 1;
	}
	for (size_t i = first; i < n; i++)
		if (i == first || *frames[i].symbol || *frames[i - 1].symbol)
			add_frame(draft, &frames[i]);
	draft->sum.truncated |= n == TB_KERNEL_FRAMES;
}

static void add_user(struct draft *draft, struct symbols *symbols, const struct tb_sample *sample)
{
	const struct user_stack stack = {
		.registers = (const uint64_t *)sample->registers,
		.n_registers = TB_REGISTERS,
		.from = sample->stack_from,
		.bytes = sample->stack,
		.n_bytes = sample->stack_bytes,
	};
	size_t before = draft->sum.n_frames;

	if (symbols_unwind(symbols, &stack, add_frame, draft))
		draft->sum.truncated = true;
	if (draft->sum.n_frames == before)
		add_stand_in(draft, FRAME_USER);
}

static void add_place(struct draft *draft, struct symbols *symbols, const struct tb_place *place,
		      const struct tb_sample *sample)
{
	if (!symbols) {
		draft->sum.truncated = true;
		add_stand_in(draft, FRAME_USER);
		return;
	}
	add_kernel(draft, symbols, sample);
	if (place->ip)
		add_user(draft, symbols, sample);
	else
		add_stand_in(draft, place->task == TB_WAKER_OTHERS ? FRAME_OTHERS : FRAME_THREAD);
}

static enum tb_place_kind kind_of(const struct found_stack *stack)
{
	if (stack->special == TB_SPECIAL_PLACES)
		return (enum tb_place_kind)stack->place.kind;
	return stack->special == TB_PLACE_LOST_SLEEP ? TB_PLACE_SLEEP : TB_PLACE_WAKER;
}

/* No room was left for the place, or for its stacks. */
static bool is_lost(const struct found_stack *stack)
{
	if (stack->special == TB_SPECIAL_PLACES)
		return stack->sample == NO_FOUND_SAMPLE;
	return stack->special == TB_PLACE_LOST_SLEEP || stack->special == TB_PLACE_LOST_WAKER;
}

static int make_draft(struct draft *draft, const struct findings *findings,
		      const struct found_stack *stack, struct symbols *symbols)
{
	*draft = (struct draft){ .sum = { .kind = kind_of(stack),
					  .count = stack->place.count,
					  .ns = stack->place.ns } };
	if (is_lost(stack))
		add_stand_in(draft, FRAME_LOST);
	else if (stack->special == TB_PLACE_INTERRUPT)
		add_stand_in(draft, FRAME_INTERRUPT);
	else if (stack->special == TB_PLACE_UNSEEN)
		add_stand_in(draft, FRAME_UNSEEN);
	else
		add_place(draft, symbols, &stack->place, &findings->samples[stack->sample]);
	return draft->err;
}

static bool is_same_frame(const struct code_frame *a, const struct code_frame *b)
{
	return a->offset == b->offset && a->line == b->line && a->inlined == b->inlined &&
	       !strcmp(a->symbol, b->symbol) && !strcmp(a->object, b->object) &&
	       !strcmp(a->file, b->file);
}

static bool is_same(const struct stack_sum *a, const struct stack_sum *b)
{
	if (a->kind != b->kind || a->truncated != b->truncated || a->n_frames != b->n_frames)
		return false;
	for (size_t i = 0; i < a->n_frames; i++)
		if (!is_same_frame(&a->frames[i], &b->frames[i]))
			return false;
	return true;
}

/* Takes the frames over, or frees them. */
static int add_draft(struct stack_sums *sums, struct stack_sum *draft)
{
	struct stack_sum *sum;

	for (size_t i = 0; i < sums->n; i++) {
		sum = &sums->stacks[i];
		if (!is_same(sum, draft))
			continue;
		sum->count += draft->count;
		sum->ns += draft->ns;
		free(draft->frames);
		return 0;
	}
	sum = array_append(&sums->stacks, &sums->n, sizeof(*sum));
	if (!sum) {
		free(draft->frames);
		return -ENOMEM;
	}
	*sum = *draft;
	return 0;
}

int stack_sums_add(struct stack_sums *sums, const struct findings *findings,
		   struct symbols *symbols)
{
	int err = 0;

	sums->samples += findings->n_samples;
	for (size_t i = 0; i < findings->n_stacks && !err; i++) {
		const struct found_stack *stack = &findings->stacks[i];
		struct draft draft;

		if (is_lost(stack))
			sums->lost += stack->place.count;
		err = make_draft(&draft, findings, stack, symbols);
		if (err)
			free(draft.sum.frames);
		else
			err = add_draft(sums, &draft.sum);
	}
	return err;
}

void stack_sums_free(struct stack_sums *sums)
{
	for (size_t i = 0; i < sums->n; i++)
		free(sums->stacks[i].frames);
	free(sums->stacks);
	*sums = (struct stack_sums){ 0 };
}

struct stack_total stack_sums_total(const struct stack_sums *sums, enum tb_place_kind kind)
{
	struct stack_total total = { 0 };

	for (size_t i = 0; i < sums->n; i++) {
		if (sums->stacks[i].kind != kind)
			continue;
		total.count += sums->stacks[i].count;
		total.ns += sums->stacks[i].ns;
	}
	return total;
}
