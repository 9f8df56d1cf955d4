/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A known number of sleeps of a known length, in everything that a task can sleep in. */
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/truth_main.h"
#include "strategy/uring.h"

#define FUTEX_WAITV_CALL 449
#define FUTEX2_WAIT_CALL 455 /* Linux 6.7 */

static const struct timespec length = { .tv_nsec = TRUTH_SLEEP_NS };

/* What takes a 1 from a descriptor and puts one there serves pipes, sockets and event counters. */
static int take(struct truth *t, unsigned int round)
{
	uint64_t one;

	(void)round;
	return truth_result(read(t->a[0], &one, sizeof(one)), sizeof(one));
}

static int give(struct truth *t, unsigned int round)
{
	const uint64_t one = 1;

	(void)round;
	return truth_result(write(t->a[1], &one, sizeof(one)), sizeof(one));
}

static int open_pipe(struct truth *t)
{
	return truth_result(pipe2(t->a, O_CLOEXEC), 0);
}

static int open_two_pipes(struct truth *t)
{
	return truth_result(open_pipe(t) | pipe2(t->b, O_CLOEXEC), 0);
}

static int open_eventfd(struct truth *t)
{
	t->a[0] = eventfd(0, EFD_CLOEXEC);
	t->a[1] = t->a[0];
	return t->a[0] < 0 ? -errno : 0;
}

static int open_sockets(struct truth *t)
{
	return truth_result(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, t->a), 0);
}

/* -- futexes */

static int wait_on_word(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(syscall(SYS_futex, &t->word, FUTEX_WAIT, 0, NULL, NULL, 0), 0);
}

static int wait_on_word_in_vain(struct truth *t, unsigned int round)
{
	(void)round;
	if (syscall(SYS_futex, &t->word, FUTEX_WAIT, 0, &length, NULL, 0) == 0)
		return -EPROTO;
	return errno == ETIMEDOUT ? 0 : -errno;
}

static int wait_on_several(struct truth *t, unsigned int round)
{
	struct futex_waitv wait = { .uaddr = (uintptr_t)&t->word, .flags = FUTEX_32 };

	(void)round;
	return truth_result(syscall(FUTEX_WAITV_CALL, &wait, 1, 0, NULL, 0), 0);
}

static int wait_by_futex2(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(syscall(FUTEX2_WAIT_CALL, &t->word, 0UL, ~0U, FUTEX_32, NULL, 0), 0);
}

static const char *no_futex2(void)
{
	syscall(FUTEX2_WAIT_CALL, NULL, 0UL, 0UL, 0, NULL, 0);
	return errno == ENOSYS ? "this kernel has no futex_wait(2)" : NULL;
}

static int wake_word(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(syscall(SYS_futex, &t->word, FUTEX_WAKE, 1, NULL, NULL, 0), 1);
}

/* -- pipes */

#define FULL 4096
static char filling[FULL];

static int fill_pipe(struct truth *t)
{
	int err = open_pipe(t);

	if (!err && fcntl(t->a[1], F_SETPIPE_SZ, FULL) != FULL)
		err = -EPROTO;
	return err ? err : truth_result(write(t->a[1], filling, FULL), FULL);
}

static int write_to_full(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(write(t->a[1], filling, FULL), FULL);
}

static int empty(struct truth *t, unsigned int round)
{
	static char read_back[FULL];

	(void)round;
	return truth_result(read(t->a[0], read_back, FULL), FULL);
}

static int splice_on(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(splice(t->a[0], NULL, t->b[1], NULL, 8, 0), 8);
}

/* -- several at once */

static int receive(struct truth *t, unsigned int round)
{
	uint64_t one;

	(void)round;
	return truth_result(recv(t->a[0], &one, sizeof(one), 0), sizeof(one));
}

static int receive_several(struct truth *t, unsigned int round)
{
	uint64_t one;
	struct iovec place = { &one, sizeof(one) };
	struct mmsghdr message = { .msg_hdr = { .msg_iov = &place, .msg_iovlen = 1 } };

	(void)round;
	return truth_result(recvmmsg(t->a[0], &message, 1, 0, NULL), 1);
}

static int poll_and_take(struct truth *t, unsigned int round)
{
	struct pollfd polled[] = { { .fd = -1 }, { .fd = t->a[0], .events = POLLIN } };
	int err = truth_result(poll(polled, 2, -1), 1);

	return err ? err : take(t, round);
}

static int select_and_take(struct truth *t, unsigned int round)
{
	fd_set set;
	int err;

	FD_ZERO(&set);
	FD_SET(t->a[0], &set);
	err = truth_result(select(t->a[0] + 1, &set, NULL, NULL, NULL), 1);
	return err ? err : take(t, round);
}

static int watch(struct truth *t)
{
	struct epoll_event event = { .events = EPOLLIN };

	t->b[0] = epoll_create1(EPOLL_CLOEXEC);
	if (t->b[0] < 0)
		return -errno;
	return t->a[0] ? truth_result(epoll_ctl(t->b[0], EPOLL_CTL_ADD, t->a[0], &event), 0) : 0;
}

static int watch_sockets(struct truth *t)
{
	int err = open_sockets(t);

	return err ? err : watch(t);
}

static int watch_eventfd(struct truth *t)
{
	int err = open_eventfd(t);

	return err ? err : watch(t);
}

static int watch_and_take(struct truth *t, unsigned int round)
{
	struct epoll_event event;
	int err = truth_result(epoll_wait(t->b[0], &event, 1, -1), 1);

	return err ? err : take(t, round);
}

static int watch_nothing(struct truth *t, unsigned int round)
{
	struct epoll_event event;

	(void)round;
	return truth_result(syscall(SYS_epoll_pwait, t->b[0], &event, 1,
				    (int)(TRUTH_SLEEP_NS / NS_PER_MS), NULL, 8),
			    0);
}

/* -- message queues and semaphores, which outlive a race: they are the test's own */

static int queue = -1, semaphore = -1;

struct message {
	long kind;
	char text[8];
};

static void remove_sysv(void)
{
	if (queue >= 0)
		msgctl(queue, IPC_RMID, NULL);
	if (semaphore >= 0)
		semctl(semaphore, 0, IPC_RMID);
}

static bool make_sysv(void)
{
	atexit(remove_sysv);
	queue = msgget(IPC_PRIVATE, 0666);
	semaphore = semget(IPC_PRIVATE, 1, 0666);
	return queue >= 0 && semaphore >= 0;
}

static int receive_sysv(struct truth *t, unsigned int round)
{
	struct message message;

	(void)t;
	(void)round;
	return truth_result(msgrcv(queue, &message, sizeof(message.text), 0, 0),
			    sizeof(message.text));
}

static int send_sysv(struct truth *t, unsigned int round)
{
	const struct message message = { .kind = 1 };

	(void)t;
	(void)round;
	return truth_result(msgsnd(queue, &message, sizeof(message.text), 0), 0);
}

static int operate(short by)
{
	struct sembuf operation = { .sem_op = by };

	return truth_result(semop(semaphore, &operation, 1), 0);
}

static int semaphore_down(struct truth *t, unsigned int round)
{
	(void)t;
	(void)round;
	return operate(-1);
}

static int semaphore_up(struct truth *t, unsigned int round)
{
	(void)t;
	(void)round;
	return operate(1);
}

static int open_mqueue(struct truth *t)
{
	struct mq_attr attributes = { .mq_maxmsg = 1, .mq_msgsize = 8 };
	char name[32];

	snprintf(name, sizeof(name), "/truth-%d", getpid());
	t->a[0] = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes);
	if (t->a[0] < 0)
		return -errno;
	return truth_result(mq_unlink(name), 0);
}

static int receive_mqueue(struct truth *t, unsigned int round)
{
	char text[8];

	(void)round;
	return truth_result(mq_receive(t->a[0], text, sizeof(text), NULL), sizeof(text));
}

static int send_mqueue(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(mq_send(t->a[0], "message", 8, 0), 0);
}

/* -- io_uring */

static struct io_uring ring; /* the arena's, and its tasks' copies of it */

static int open_ring(struct truth *t)
{
	int err = open_pipe(t);

	return err ? err : io_uring_queue_init(2, &ring, 0);
}

static int complete(int want)
{
	struct io_uring_cqe *completion;
	int result = io_uring_submit_and_wait(&ring, 1);

	if (result < 0)
		return result;
	result = io_uring_peek_cqe(&ring, &completion);
	if (result)
		return result;
	result = completion->res;
	io_uring_cqe_seen(&ring, completion);
	return result == want ? 0 : result < 0 ? result : -EPROTO;
}

static int ring_timer(struct truth *t, unsigned int round)
{
	struct __kernel_timespec timer = { .tv_nsec = TRUTH_SLEEP_NS };

	(void)t;
	(void)round;
	io_uring_prep_timeout(io_uring_get_sqe(&ring), &timer, 0, 0);
	return complete(-ETIME);
}

static int ring_take(struct truth *t, unsigned int round)
{
	uint64_t one;

	(void)round;
	io_uring_prep_read(io_uring_get_sqe(&ring), t->a[0], &one, sizeof(one), 0);
	return complete(sizeof(one));
}

/* -- sleeps, and what has no reason of its own */

static int sleep_for_time(struct truth *t, unsigned int round)
{
	(void)t;
	(void)round;
	return -clock_nanosleep(CLOCK_MONOTONIC, 0, &length, NULL);
}

static int wait_for_signal(struct truth *t, unsigned int round)
{
	sigset_t none;

	(void)t;
	(void)round;
	sigemptyset(&none);
	return sigtimedwait(&none, NULL, &length) < 0 && errno == EAGAIN ? 0 : -EPROTO;
}

/* Two open file descriptions of one file, each of which can have the lock. */
static int open_twice(struct truth *t)
{
	char path[32];

	t->a[0] = memfd_create("truth", MFD_CLOEXEC);
	if (t->a[0] < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", t->a[0]);
	t->a[1] = open(path, O_RDWR | O_CLOEXEC);
	return t->a[1] < 0 ? -errno : 0;
}

static int lock_file(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(flock(t->a[1], LOCK_EX), 0);
}

static int lock_locked_file(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(flock(t->a[0], LOCK_EX) | flock(t->a[0], LOCK_UN), 0);
}

static int unlock_file(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(flock(t->a[1], LOCK_UN), 0);
}

/* Of a whole process, so that no other task may be a thread of it. */
static int stop(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(kill(t->process, SIGSTOP), 0);
}

static int go_on(struct truth *t, unsigned int round)
{
	(void)round;
	return truth_result(kill(t->process, SIGCONT), 0);
}

/* clang-format off */
static const struct truth_case cases[] = {
	{ "futex, woken", TB_FUTEX, .sleep = wait_on_word, .wake = wake_word },
	{ "futex, timed out", TB_FUTEX, .sleep = wait_on_word_in_vain },
	{ "futex_waitv", TB_FUTEX, .in_list = true, .sleep = wait_on_several, .wake = wake_word },
	{ "futex_wait", TB_FUTEX, .sleep = wait_by_futex2, .wake = wake_word, .unsupported = no_futex2 },
	{ "empty pipe", TB_PIPE, .prepare = open_pipe, .sleep = take, .wake = give },
	{ "full pipe", TB_PIPE, .prepare = fill_pipe, .sleep = write_to_full, .wake = empty },
	{ "pipe, splice", TB_PIPE, .prepare = open_two_pipes, .sleep = splice_on, .wake = give },
	{ "pipe, poll", TB_PIPE, .prepare = open_pipe, .sleep = poll_and_take, .wake = give },
	{ "pipe, select", TB_PIPE, .prepare = open_pipe, .sleep = select_and_take, .wake = give },
	{ "eventfd", TB_EVENTFD, .prepare = open_eventfd, .sleep = take, .wake = give },
	{ "eventfd, epoll", TB_EVENTFD, .prepare = watch_eventfd, .sleep = watch_and_take, .wake = give },
	{ "socket, read", TB_SOCKET, .prepare = open_sockets, .sleep = take, .wake = give },
	{ "socket, recv", TB_SOCKET, .prepare = open_sockets, .sleep = receive, .wake = give },
	{ "socket, recvmmsg", TB_SOCKET, .prepare = open_sockets, .sleep = receive_several, .wake = give },
	{ "socket, poll", TB_SOCKET, .prepare = open_sockets, .sleep = poll_and_take, .wake = give },
	{ "socket, select", TB_SOCKET, .prepare = open_sockets, .sleep = select_and_take, .wake = give },
	{ "socket, epoll", TB_SOCKET, .prepare = watch_sockets, .sleep = watch_and_take, .wake = give },
	{ "POSIX queue", TB_MQUEUE, .prepare = open_mqueue, .sleep = receive_mqueue, .wake = send_mqueue },
	{ "System V queue", TB_SYSV, .sleep = receive_sysv, .wake = send_sysv },
	{ "System V semaphore", TB_SYSV, .sleep = semaphore_down, .wake = semaphore_up },
	{ "io_uring, timeout", TB_IO_URING, .prepare = open_ring, .sleep = ring_timer, .unsupported = uring_obstacle },
	{ "io_uring, read", TB_IO_URING, .prepare = open_ring, .sleep = ring_take, .wake = give, .unsupported = uring_obstacle },
	{ "nanosleep", TB_SLEEP, .sleep = sleep_for_time },
	{ "sigtimedwait", TB_OTHER, .call = SYS_rt_sigtimedwait, .sleep = wait_for_signal },
	{ "epoll of nothing", TB_OTHER, .call = SYS_epoll_pwait, .prepare = watch, .sleep = watch_nothing },
	{ "flock", TB_OTHER, .call = SYS_flock, .prepare = open_twice, .ready = lock_file,
	  .sleep = lock_locked_file, .wake = unlock_file },
	{ "stopped", TB_OTHER, .call = TB_OTHER_STOPPED, .modes = IN_PROCESSES, .sleep = stop, .wake = go_on },
};
/* clang-format on */

static void check(struct probe *probe, enum mode mode)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		truth_check(probe, &cases[i], mode);
}

int main(void)
{
	if (!tap_ok(make_sysv(), "there is a System V queue and a semaphore"))
		return tap_done();
	return traced_main(check);
}
