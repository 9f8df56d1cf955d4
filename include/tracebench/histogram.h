/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which bucket of a struct tb_histogram a duration falls into, and where a bucket begins. BPF
 * counts with the one, user space reads with the other, so both are here and are inverses.
 *
 * Bucket 0 is [0, 2^MIN). From there every power of two is split into 2^SUB equal buckets: the
 * bucket of a duration t in [2^e, 2^(e+1)) is chosen by the SUB bits below t's highest one.
 *
 * The error bound. A bucket in [2^e, 2^(e+1)) is w = 2^(e-SUB) wide and begins at 2^e or above.
 * So for two durations s and t in one bucket
 *
 *	|s - t| < w = 2^e / 2^SUB <= min(s, t) / 2^SUB:
 *
 * whatever inside its bucket is reported for t is wrong by less than 1/2^SUB = 25 % of t. In
 * bucket 0 it is wrong by less than 2^MIN = 256 ns. The last bucket, from 2^MAX ns = 17 s, has no
 * upper bound and promises only "at least".
 */
#ifndef TRACEBENCH_HISTOGRAM_H
#define TRACEBENCH_HISTOGRAM_H

#include <tracebench/slot.h>

/* 1 if value > limit, else 0, for both below 2^63: the subtraction wraps into the sign bit. */
static inline __u64 tb_hist_above(__u64 value, __u64 limit)
{
	return (limit - value) >> 63;
}

/*
 * Floor of the logarithm to base 2; 0 of 0. By halving, in arithmetic alone: BPF has neither an
 * instruction to count leading zeros nor one to compare without a branch, and each branch doubles
 * the paths that the verifier walks. `value` is below 2^63.
 */
static inline __u64 tb_hist_log2(__u64 value)
{
	__u64 log2 = 0;
	__u64 step;

	step = tb_hist_above(value, 0xffffffff) << 5;
	value >>= step;
	log2 |= step;
	step = tb_hist_above(value, 0xffff) << 4;
	value >>= step;
	log2 |= step;
	step = tb_hist_above(value, 0xff) << 3;
	value >>= step;
	log2 |= step;
	step = tb_hist_above(value, 0xf) << 2;
	value >>= step;
	log2 |= step;
	step = tb_hist_above(value, 0x3) << 1;
	value >>= step;
	log2 |= step;
	return log2 | tb_hist_above(value, 0x1);
}

/*
 * The bucket of a duration, below TB_HIST_BUCKETS. The verifier cannot follow that: a BPF program
 * that indexes with it checks the bound itself.
 */
static inline __u32 tb_hist_index(__u64 ns)
{
	__u64 exponent, sub;

	if (ns < 1ULL << TB_HIST_MIN_SHIFT)
		return 0;
	if (ns >= 1ULL << TB_HIST_MAX_SHIFT)
		return TB_HIST_BUCKETS - 1;
	exponent = tb_hist_log2(ns);
	sub = (ns >> (exponent - TB_HIST_SUB_BITS)) & ((1U << TB_HIST_SUB_BITS) - 1);
	return (__u32)(1 + ((exponent - TB_HIST_MIN_SHIFT) << TB_HIST_SUB_BITS) + sub);
}

/*
 * The shortest duration of a bucket. A bucket ends where the next one begins; the last,
 * TB_HIST_BUCKETS - 1, does not end. The index must be below TB_HIST_BUCKETS.
 */
static inline __u64 tb_hist_floor(__u32 index)
{
	__u32 exponent, sub;

	if (index == 0)
		return 0;
	exponent = TB_HIST_MIN_SHIFT + ((index - 1) >> TB_HIST_SUB_BITS);
	sub = (index - 1) & ((1U << TB_HIST_SUB_BITS) - 1);
	return (__u64)((1U << TB_HIST_SUB_BITS) + sub) << (exponent - TB_HIST_SUB_BITS);
}

_Static_assert(TB_HIST_MIN_SHIFT >= TB_HIST_SUB_BITS, "a bucket is at least 1 ns wide");
_Static_assert(TB_HIST_MAX_SHIFT < 63, "the logarithm's argument stays below the sign bit");

#endif
