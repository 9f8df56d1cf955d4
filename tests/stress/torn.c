/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A bug: read-modify-writes in two steps, between which another one may come. Two draw the same
 * ticket or take the same permit; a waiter that came in between is forgotten.
 */
#include "stress/stress.h"

#define TORN(word, value, result) \
	({ \
		__typeof__(*(word)) was = __atomic_load_n(word, __ATOMIC_SEQ_CST); \
		stress_step(); \
		__atomic_store_n(word, value, __ATOMIC_SEQ_CST); \
		result; \
	})

#define __atomic_exchange_n(word, value, order) TORN(word, value, was)
#define __atomic_fetch_add(word, n, order) TORN(word, was + (n), was)
#define __atomic_add_fetch(word, n, order) TORN(word, was + (n), was + (n))
#define __atomic_sub_fetch(word, n, order) TORN(word, was - (n), was - (n))
#define __atomic_compare_exchange_n(word, expected, value, weak, success, failure) \
	({ \
		__typeof__(*(word)) now = __atomic_load_n(word, __ATOMIC_SEQ_CST); \
		_Bool same = now == *(expected); \
		stress_step(); \
		if (same) \
			__atomic_store_n(word, value, __ATOMIC_SEQ_CST); \
		else \
			*(expected) = now; \
		same; \
	})

#define STRESS_TABLE stress_torn
#include "stress/locks.h"
