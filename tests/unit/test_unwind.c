/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Copies of this program's own stack, unwound afterwards. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/uio.h>
#include <tracebench/stack.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/symbols.h"
#include "lib/check_main.h"

#define COPY_BYTES 65536

struct copy {
	uint64_t registers[TB_REGISTERS];
	char bytes[COPY_BYTES];
	struct user_stack stack;
};

#define MAX_FRAMES 64

struct seen {
	struct code_frame frames[MAX_FRAMES];
	unsigned int n;
};

static struct copy copied;
static struct seen seen;

static char *end_of_stack(void)
{
	pthread_attr_t attributes;
	void *start;
	size_t bytes;

	ck_assert_int_eq(pthread_getattr_np(pthread_self(), &attributes), 0);
	ck_assert_int_eq(pthread_attr_getstack(&attributes, &start, &bytes), 0);
	pthread_attr_destroy(&attributes);
	return (char *)start + bytes;
}

#if defined(__x86_64__)
static void read_registers(const ucontext_t *context, uint64_t *registers)
{
	static const int order[TB_REGISTERS] = { REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI,
						 REG_RDI, REG_RBP, REG_RSP, REG_R8,  REG_R9,
						 REG_R10, REG_R11, REG_R12, REG_R13, REG_R14,
						 REG_R15, REG_RIP };

	for (int i = 0; i < TB_REGISTERS; i++)
		registers[i] = (uint64_t)context->uc_mcontext.gregs[order[i]];
}
#elif defined(__aarch64__)
static void read_registers(const ucontext_t *context, uint64_t *registers)
{
	memcpy(registers, context->uc_mcontext.regs, sizeof(context->uc_mcontext.regs));
	registers[TB_STACK_POINTER] = context->uc_mcontext.sp;
	registers[TB_PROGRAM_COUNTER] = context->uc_mcontext.pc;
}
#endif

/* By the kernel, for a sanitizer has zones on the stack that nobody may read. */
static void read_stack(void)
{
	const struct iovec to = { copied.bytes, copied.stack.n_bytes };
	const struct iovec from = { (void *)(uintptr_t)copied.stack.from, copied.stack.n_bytes };

	ck_assert_int_eq(process_vm_readv(getpid(), &to, 1, &from, 1, 0),
			 (ssize_t)copied.stack.n_bytes);
}

/* As the probe does it: what is above the stack pointer, as far as there is anything. */
static __attribute__((noinline)) void copy_stack(void)
{
	ucontext_t context;
	size_t there;

	ck_assert_int_eq(getcontext(&context), 0);
	read_registers(&context, copied.registers);
	copied.stack = (struct user_stack){
		.registers = copied.registers,
		.n_registers = TB_REGISTERS,
		.from = copied.registers[TB_STACK_POINTER],
		.bytes = copied.bytes,
	};
	there = (size_t)(end_of_stack() - (char *)(uintptr_t)copied.stack.from);
	copied.stack.n_bytes = there < COPY_BYTES ? there : COPY_BYTES;
	read_stack();
}

/* What stands behind a call keeps it from becoming a jump. */
#define KEEP() __asm__ volatile("")

static int line_of_inner, line_of_inlined, line_of_outer;

static __attribute__((noinline)) void inner(void)
{
	line_of_inner = __LINE__ + 1;
	copy_stack();
	KEEP();
}

static inline __attribute__((always_inline)) void between(void)
{
	line_of_inlined = __LINE__ + 1;
	inner();
	KEEP();
}

static __attribute__((noinline)) void outer(void)
{
	line_of_outer = __LINE__ + 1;
	between();
	KEEP();
}

static void *start_outer(void *nothing)
{
	outer();
	KEEP();
	return nothing;
}

static void see(void *context, const struct code_frame *frame)
{
	struct seen *to = context;

	if (to->n < MAX_FRAMES)
		to->frames[to->n++] = *frame;
}

static int walk(void)
{
	struct symbols *symbols;
	int err;

	seen.n = 0;
	ck_assert_int_eq(symbols_open(&symbols), 0);
	err = symbols_unwind(symbols, &copied.stack, see, &seen);
	symbols_free(symbols);
	return err;
}

static void assert_frame(unsigned int i, const char *symbol, int line, bool inlined)
{
	const struct code_frame *frame = &seen.frames[i];

	ck_assert_uint_lt(i, seen.n);
	ck_assert_str_eq(frame->symbol, symbol);
	ck_assert_int_eq(frame->inlined, inlined);
	ck_assert_str_eq(frame->object, "test_unwind");
	ck_assert_ptr_nonnull(strstr(frame->file, "test_unwind.c"));
	if (line)
		ck_assert_uint_eq(frame->line, (unsigned int)line);
}

START_TEST(a_chain_of_calls_comes_out_whole_with_file_and_line)
{
	outer();
	ck_assert_int_eq(walk(), 0);
	assert_frame(0, "copy_stack", 0, false);
	assert_frame(1, "inner", line_of_inner, false);
	assert_frame(2, "between", line_of_inlined, true);
	assert_frame(3, "outer", line_of_outer, false);
	ck_assert_str_eq(seen.frames[seen.n - 1].symbol, "_start");
}
END_TEST

START_TEST(so_does_that_of_a_thread)
{
	pthread_t thread;

	ck_assert_int_eq(pthread_create(&thread, NULL, start_outer, NULL), 0);
	pthread_join(thread, NULL);
	ck_assert_int_eq(walk(), 0);
	assert_frame(3, "outer", line_of_outer, false);
	assert_frame(4, "start_outer", 0, false);
	ck_assert_uint_ge(seen.n, 6);
	ck_assert_int_eq(strncmp(seen.frames[5].object, "libc", 4), 0);
}
END_TEST

START_TEST(a_copy_that_is_cut_says_so_and_shows_what_it_has)
{
	outer();
	copied.stack.n_bytes = 16;
	ck_assert_int_eq(walk(), -ENODATA);
	assert_frame(0, "copy_stack", 0, false);
	ck_assert_uint_eq(seen.n, 1);
}
END_TEST

START_TEST(garbage_is_no_stack)
{
	outer();
	copied.registers[TB_PROGRAM_COUNTER] = 0x1234;
	ck_assert_int_eq(walk(), -ENODATA);
	ck_assert_uint_eq(seen.n, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("unwind");

	add_test(suite, a_chain_of_calls_comes_out_whole_with_file_and_line);
	add_test(suite, so_does_that_of_a_thread);
	add_test(suite, a_copy_that_is_cut_says_so_and_shows_what_it_has);
	add_test(suite, garbage_is_no_stack);
	return run_suite(suite);
}
