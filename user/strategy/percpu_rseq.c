/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A counter per CPU, without an atomic instruction, by a restartable sequence (rseq(2), after P.
 * Turner and A. Hunter; M. Desnoyers). A task says which instructions belong together; when it is
 * preempted, moved or signalled between them, the kernel has it go on at another place, and there
 * it starts over. So whoever finds out on which CPU it is and adds to that CPU's counter is still
 * there, and alone, when it has added. The counters are added up at the end (shards.h).
 *
 * Order: between any two tasks of one CPU lies a switch, in which the kernel orders all that the
 * one did before all that the other does; no two CPUs share a counter.
 *
 * The C library registers the area through which task and kernel talk, since glibc 2.35.
 */
#include <stdio.h>
#include <sys/rseq.h>

#include "strategy/shards.h"
#include "strategy/strategy.h"

/* How many CPUs there may ever be: their numbers, "0-3,8-11", are in order. 0: not known. */
static size_t possible_cpus(void)
{
	FILE *file = fopen("/sys/devices/system/cpu/possible", "re");
	size_t cpu, n = 0;

	while (file && fscanf(file, "%zu%*c", &cpu) == 1)
		n = cpu + 1;
	if (file)
		fclose(file);
	return n;
}

static size_t object_size(const struct race *race)
{
	(void)race;
	return shards_bytes(possible_cpus());
}

#ifdef __x86_64__

static const char *unsupported(void)
{
	if (__rseq_size == 0)
		return "the C library has registered no area for rseq(2) "
		       "(GLIBC_TUNABLES=glibc.pthread.rseq=0, or Linux before 4.18)";
	return possible_cpus() ? NULL : "/sys does not tell how many CPUs there may be";
}

/* The shift in it multiplies by 128. */
_Static_assert(sizeof(struct shard) == 128, "a shard is two cache lines");

/*
 * Adds one to the counter of this CPU; false: it was interrupted first, and has added nothing.
 * `area`: of rseq(2), from the thread pointer. The increment is the last instruction of the
 * sequence, so either all of it was done or none. The other place to go on at has to lie behind a
 * signature, which is the end of an undefined instruction, so that nobody runs into it.
 */
RACE_INLINE bool add_here(ptrdiff_t area, struct shard *shards)
{
	__asm__ goto volatile(
		".pushsection __rseq_cs, \"aw\"\n\t"
		".balign 32\n"
		"1:\n\t"
		".long 0, 0\n\t" /* version, flags */
		".quad 2f, 3f - 2f, 4f\n\t" /* begin, length, other place */
		".popsection\n\t"
		"leaq 1b(%%rip), %%rax\n\t"
		"movq %%rax, %%fs:%c[rseq_cs](%[area])\n"
		"2:\n\t"
		"movl %%fs:%c[cpu_id](%[area]), %%eax\n\t"
		"shlq $7, %%rax\n\t"
		"incq (%[shards], %%rax)\n"
		"3:\n\t"
		".pushsection __rseq_failure, \"ax\"\n\t"
		".byte 0x0f, 0xb9, 0x3d\n\t"
		".long %c[signature]\n"
		"4:\n\t"
		"jmp %l[interrupted]\n\t"
		".popsection"
		:
		: [area] "r"(area), [shards] "r"(shards),
		  [rseq_cs] "i"(offsetof(struct rseq, rseq_cs)),
		  [cpu_id] "i"(offsetof(struct rseq, cpu_id)), [signature] "i"(RSEQ_SIG)
		: "rax", "cc", "memory"
		: interrupted);
	return true;
interrupted:
	return false;
}

#else

static const char *unsupported(void)
{
	return "its restartable sequence is written for x86-64";
}

RACE_INLINE bool add_here(ptrdiff_t area, struct shard *shards)
{
	(void)area;
	(void)shards;
	__builtin_unreachable();
}

#endif

static int setup(struct race *race)
{
	struct shards *shards = race->object;

	shards->n = possible_cpus();
	return 0;
}

RACE_INLINE int add(void *shards)
{
	while (!add_here(__rseq_offset, shards))
		;
	return 0;
}

static int work(struct worker *worker)
{
	struct race *race = worker->race;
	struct shards *shards = race->object;
	int err = race_one_by_one(worker, shards->shard, add);

	shards_end(race);
	return err;
}

const struct strategy strategy_percpu_rseq = {
	.name = "percpu-rseq",
	.summary = "a counter per CPU by a restartable sequence, added up at the end",
	.family = FAMILY_LOCAL,
	.modes = IN_BOTH,
	.promises_exact = true,
	.object_size = object_size,
	.unsupported = unsupported,
	.setup = setup,
	.work = work,
};
