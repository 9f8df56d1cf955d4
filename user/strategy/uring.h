/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What strategies that go through io_uring have in common. */
#ifndef STRATEGY_URING_H
#define STRATEGY_URING_H

#include <errno.h>
#include <liburing.h>
#include <stdbool.h>
#include <stdint.h>

/* Why there is no io_uring for the ordinary user who a race is run as, as one line; or NULL. */
const char *uring_obstacle(void);

/* Whether the kernel knows the operation. Where there is an obstacle it knows none. */
bool uring_knows(int operation);

/*
 * The next free entry, cleared but for its operation; what completes it carries `user_data`. There
 * always is one when no more are prepared than the ring was made for.
 */
static inline struct io_uring_sqe *uring_entry(struct io_uring *uring, int operation,
					       uint64_t user_data)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(uring);

	io_uring_prep_rw(operation, sqe, -1, NULL, 0, 0);
	sqe->user_data = user_data;
	return sqe;
}

/* Submits what is prepared. Returns 0 or a negative errno. */
static inline int uring_submit(struct io_uring *uring)
{
	int ret;

	do {
		ret = io_uring_submit(uring);
	} while (ret == -EINTR);
	return ret < 0 ? ret : 0;
}

/* The same, and sleeps in that call until there is a completion. */
static inline int uring_submit_and_wait(struct io_uring *uring)
{
	int ret;

	do {
		ret = io_uring_submit_and_wait(uring, 1);
	} while (ret == -EINTR);
	return ret < 0 ? ret : 0;
}

/*
 * Takes a completion, and sleeps only when there is none yet. Returns 0 or a negative errno of the
 * waiting; that of the operation is completion->res.
 */
static inline int uring_take(struct io_uring *uring, struct io_uring_cqe *completion)
{
	struct io_uring_cqe *cqe;
	int err;

	do {
		err = io_uring_wait_cqe(uring, &cqe);
	} while (err == -EINTR);
	if (err)
		return err;
	*completion = *cqe;
	io_uring_cqe_seen(uring, cqe);
	return 0;
}

#endif
