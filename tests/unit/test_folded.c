/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folded stacks, of a session that is made up. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/check_main.h"
#include "lib/fixture.h"
#include "report/export.h"
#include "session/derive.h"
#include "session/fields.h"

static struct session *session;

static char *text_of(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	ck_assert(!text || copy);
	return copy;
}

static void add_frame(struct stack_trace *stack, const char *symbol, const char *object,
		      int64_t offset, bool inlined)
{
	struct stack_frame *frames =
		realloc(stack->frames, (stack->n_frames + 1) * sizeof(*frames));

	ck_assert_ptr_nonnull(frames);
	stack->frames = frames;
	frames[stack->n_frames++] = (struct stack_frame){
		.symbol = text_of(symbol),
		.object = text_of(object),
		.offset = offset,
		.line = NO_INT,
		.inlined = inlined,
	};
}

static struct stack_trace *add_stack(enum fixture_result of, enum stack_kind kind, int64_t ns)
{
	struct kernel_view *kernel = session->results[of].kernel;
	struct stack_trace *stacks =
		realloc(kernel->stacks, (kernel->n_stacks + 1) * sizeof(*stacks));

	ck_assert_ptr_nonnull(stacks);
	kernel->stacks = stacks;
	stacks[kernel->n_stacks] = (struct stack_trace){ .kind = (int)kind, .count = 1, .ns = ns };
	return &stacks[kernel->n_stacks++];
}

/* A sleep and who ended it, from the kernel out. */
static void add_pair(void)
{
	struct stack_trace *stack = add_stack(FIXTURE_TURN_FUTEX, STACK_SLEEP, 34707645);

	add_frame(stack, "__schedule", "[kernel]", 1576, false);
	add_frame(stack, NULL, "[kernel]", 0, false);
	add_frame(stack, "syscall", "libc.so.6", 25, false);
	add_frame(stack, "futex_wait", "tracebench", NO_INT, true);
	add_frame(stack, "work", "tracebench", 1842, false);
	add_frame(stack, NULL, "libc.so.6", 0x12af, false);
	add_frame(add_stack(FIXTURE_TURN_FUTEX, STACK_WAKER, 7), "[interrupt]", NULL, NO_INT,
		  false);
}

static void set_up(void)
{
	session = fixture_session();
}

static void tear_down(void)
{
	session_free(session);
}

static void assert_folded(const char *expected)
{
	const struct export_source source = { .session = session };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	ck_assert_ptr_nonnull(out);
	ck_assert_int_eq(export_folded(&source, out), 0);
	ck_assert_int_eq(fclose(out), 0);
	ck_assert_str_eq(text, expected);
	free(text);
}

START_TEST(a_line_is_a_stack_from_the_outside_in)
{
	add_pair();
	assert_folded(
		"turn-futex;threads;libc.so.6+0x12af;work;futex_wait_[i];syscall;[kernel]_[k];"
		"__schedule_[k] 34707645\n"
		"[wakers];turn-futex;threads;[interrupt] 7\n");
}
END_TEST

START_TEST(results_of_one_strategy_are_told_apart_where_there_are_several)
{
	int64_t *workers = realloc(session->plan.workers, 2 * sizeof(*workers));

	ck_assert_ptr_nonnull(workers);
	workers[0] = 2;
	workers[1] = 4;
	session->plan.workers = workers;
	session->plan.n_workers = 2;
	session->plan.scan = calloc(1, sizeof(*session->plan.scan));
	ck_assert_ptr_nonnull(session->plan.scan);
	session->plan.n_scan = 1;
	session->plan.scan[0].key = text_of("batch");
	session->results[FIXTURE_MUTEX].workers = 4;
	session->results[FIXTURE_MUTEX].batch = 64;
	add_frame(add_stack(FIXTURE_MUTEX, STACK_SLEEP, 1), "f", "p", 1, false);
	assert_folded("mutex;threads;4 workers;batch=64;f 1\n");
}
END_TEST

START_TEST(a_stack_that_is_cut_says_so_where_it_is_cut)
{
	struct stack_trace *stack = add_stack(FIXTURE_MUTEX, STACK_SLEEP, 1);

	stack->truncated = true;
	add_frame(stack, "inner", "p", 1, false);
	add_frame(stack, "outer", "p", 1, false);
	assert_folded("mutex;threads;[truncated];outer;inner 1\n");
}
END_TEST

START_TEST(names_break_no_line_and_are_valid_utf8)
{
	add_frame(add_stack(FIXTURE_MUTEX, STACK_SLEEP, 1),
		  "a;b\nc\td\x1b[2J\xff\xc3\xa4 operator new(int)", "p", 1, false);
	assert_folded("mutex;threads;a:b c d [2J\xef\xbf\xbd\xc3\xa4 operator new(int) 1\n");
}
END_TEST

START_TEST(without_stacks_there_is_nothing)
{
	assert_folded("");
	ck_assert(!derive_has_stacks(session));
}
END_TEST

START_TEST(who_cannot_write_says_so)
{
	const struct export_source source = { .session = session };
	FILE *full = fopen("/dev/full", "w");

	add_pair();
	ck_assert_ptr_nonnull(full);
	ck_assert_int_eq(export_folded(&source, full), -EIO);
	fclose(full);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("folded");

	add_fixed(suite, a_line_is_a_stack_from_the_outside_in);
	add_fixed(suite, results_of_one_strategy_are_told_apart_where_there_are_several);
	add_fixed(suite, a_stack_that_is_cut_says_so_where_it_is_cut);
	add_fixed(suite, names_break_no_line_and_are_valid_utf8);
	add_fixed(suite, without_stacks_there_is_nothing);
	add_fixed(suite, who_cannot_write_says_so);
	return run_suite(suite);
}
