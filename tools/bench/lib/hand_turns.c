/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two threads that call each other in turn, through one primitive after the other. */
#include <errno.h>
#include <liburing.h>
#include <linux/futex.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/by_hand.h"

#define CALLED 1
#define ALL_BITS 0xffffffffUL

/* Linux 6.7; not in the headers of 6.1. */
#define FUTEX_WAKE_CALL 454
#define FUTEX_WAIT_CALL 455
#define URING_FUTEX_WAIT 51
#define URING_FUTEX_WAKE 52

/* The second calls nobody after its last turn: the first has ended. */
RACE_INLINE void take_turns(struct hand *hand, unsigned int index, void (*await)(void *, unsigned),
			    void (*call)(void *, unsigned))
{
	for (uint64_t i = 0; i < hand->iterations; i++) {
		if (index || i)
			await(hand->state, index);
		hand->counter++;
		if (!index || i + 1 < hand->iterations)
			call(hand->state, !index);
	}
}

#define TURNS(primitive) \
	static void primitive##_turns(struct hand *hand, unsigned int index) \
	{ \
		take_turns(hand, index, primitive##_await, primitive##_call); \
	}

/* ---- Words in memory ---- */

struct word {
	RACE_PADDED uint32_t called;
};

RACE_INLINE bool take(struct word *word)
{
	if (!__atomic_load_n(&word->called, __ATOMIC_ACQUIRE))
		return false;
	__atomic_store_n(&word->called, 0, __ATOMIC_RELAXED);
	return true;
}

RACE_INLINE void spin_await(void *state, unsigned int index)
{
	while (!take((struct word *)state + index))
		race_pause();
}

RACE_INLINE void spin_call(void *state, unsigned int index)
{
	__atomic_store_n(&((struct word *)state)[index].called, CALLED, __ATOMIC_RELEASE);
}

TURNS(spin)

RACE_INLINE void futex_await(void *state, unsigned int index)
{
	struct word *word = (struct word *)state + index;

	while (!take(word))
		syscall(SYS_futex, &word->called, FUTEX_WAIT_PRIVATE, 0, NULL);
}

RACE_INLINE void futex_call(void *state, unsigned int index)
{
	spin_call(state, index);
	syscall(SYS_futex, &((struct word *)state)[index].called, FUTEX_WAKE_PRIVATE, 1);
}

TURNS(futex)

RACE_INLINE void futex2_await(void *state, unsigned int index)
{
	struct word *word = (struct word *)state + index;

	while (!take(word))
		syscall(FUTEX_WAIT_CALL, &word->called, 0UL, ALL_BITS,
			FUTEX_32 | FUTEX_PRIVATE_FLAG, NULL, 0);
}

RACE_INLINE void futex2_call(void *state, unsigned int index)
{
	spin_call(state, index);
	syscall(FUTEX_WAKE_CALL, &((struct word *)state)[index].called, ALL_BITS, 1,
		FUTEX_32 | FUTEX_PRIVATE_FLAG);
}

TURNS(futex2)

/* ---- Descriptors ---- */

struct pipes {
	int ends[2][2];
};

static void make_pipes(void *state)
{
	struct pipes *pipes = state;

	hand_must(!pipe(pipes->ends[0]) && !pipe(pipes->ends[1]), "pipe");
}

static void close_pipes(void *state)
{
	struct pipes *pipes = state;

	for (unsigned int i = 0; i < 4; i++)
		close(pipes->ends[i / 2][i % 2]);
}

RACE_INLINE void pipe_await(void *state, unsigned int index)
{
	char byte;

	hand_must(read(((struct pipes *)state)->ends[index][0], &byte, 1) == 1, "read");
}

RACE_INLINE void pipe_call(void *state, unsigned int index)
{
	char byte = CALLED;

	hand_must(write(((struct pipes *)state)->ends[index][1], &byte, 1) == 1, "write");
}

TURNS(pipe)

struct eventfds {
	int fd[2];
};

static void make_eventfds(void *state)
{
	struct eventfds *events = state;

	for (unsigned int i = 0; i < 2; i++) {
		events->fd[i] = eventfd(0, 0);
		hand_must(events->fd[i] >= 0, "eventfd");
	}
}

static void close_eventfds(void *state)
{
	close(((struct eventfds *)state)->fd[0]);
	close(((struct eventfds *)state)->fd[1]);
}

RACE_INLINE void eventfd_await(void *state, unsigned int index)
{
	eventfd_t value;

	hand_must(!eventfd_read(((struct eventfds *)state)->fd[index], &value), "eventfd_read");
}

RACE_INLINE void eventfd_call(void *state, unsigned int index)
{
	hand_must(!eventfd_write(((struct eventfds *)state)->fd[index], CALLED), "eventfd_write");
}

TURNS(eventfd)

/* ---- The C library's ---- */

struct semaphores {
	struct {
		RACE_PADDED sem_t semaphore;
	} of[2];
};

static void make_semaphores(void *state)
{
	struct semaphores *semaphores = state;

	for (unsigned int i = 0; i < 2; i++)
		hand_must(!sem_init(&semaphores->of[i].semaphore, 0, 0), "sem_init");
}

RACE_INLINE void sem_await(void *state, unsigned int index)
{
	hand_must(!sem_wait(&((struct semaphores *)state)->of[index].semaphore), "sem_wait");
}

RACE_INLINE void sem_call(void *state, unsigned int index)
{
	hand_must(!sem_post(&((struct semaphores *)state)->of[index].semaphore), "sem_post");
}

TURNS(sem)

/* One mutex over both words, as one writes it. */
struct conditions {
	pthread_mutex_t mutex;
	struct {
		pthread_cond_t condition;
		bool called;
	} of[2];
};

static void make_conditions(void *state)
{
	struct conditions *both = state;

	hand_must(!pthread_mutex_init(&both->mutex, NULL), "pthread_mutex_init");
	for (unsigned int i = 0; i < 2; i++)
		hand_must(!pthread_cond_init(&both->of[i].condition, NULL), "pthread_cond_init");
}

RACE_INLINE void cond_await(void *state, unsigned int index)
{
	struct conditions *both = state;

	pthread_mutex_lock(&both->mutex);
	while (!both->of[index].called)
		pthread_cond_wait(&both->of[index].condition, &both->mutex);
	both->of[index].called = false;
	pthread_mutex_unlock(&both->mutex);
}

RACE_INLINE void cond_call(void *state, unsigned int index)
{
	struct conditions *both = state;

	pthread_mutex_lock(&both->mutex);
	both->of[index].called = true;
	pthread_mutex_unlock(&both->mutex);
	pthread_cond_signal(&both->of[index].condition);
}

TURNS(cond)

/* ---- Signals ---- */

struct signals {
	pthread_barrier_t known;
	pthread_t thread[2];
	sigset_t set;
};

static void block_signals(void *state)
{
	struct signals *signals = state;

	sigemptyset(&signals->set);
	sigaddset(&signals->set, SIGRTMIN);
	hand_must(!pthread_sigmask(SIG_BLOCK, &signals->set, NULL) &&
			  !pthread_barrier_init(&signals->known, NULL, 2),
		  "signals");
}

RACE_INLINE void signal_await(void *state, unsigned int index)
{
	siginfo_t info;

	(void)index;
	hand_must(sigwaitinfo(&((struct signals *)state)->set, &info) == SIGRTMIN, "sigwaitinfo");
}

RACE_INLINE void signal_call(void *state, unsigned int index)
{
	union sigval value = { .sival_int = CALLED };

	hand_must(!pthread_sigqueue(((struct signals *)state)->thread[index], SIGRTMIN, value),
		  "pthread_sigqueue");
}

static void signal_turns(struct hand *hand, unsigned int index)
{
	struct signals *signals = hand->state;

	signals->thread[index] = pthread_self();
	pthread_barrier_wait(&signals->known);
	take_turns(hand, index, signal_await, signal_call);
	/* Not before both have ended is a thread's handle that of nobody. */
	pthread_barrier_wait(&signals->known);
}

/* ---- io_uring ---- */

struct uring {
	struct word word;
	struct io_uring uring;
};

static void make_urings(void *state)
{
	struct uring *urings = state;

	for (unsigned int i = 0; i < 2; i++)
		hand_must(!io_uring_queue_init(2, &urings[i].uring, 0), "io_uring_queue_init");
}

static void close_urings(void *state)
{
	struct uring *urings = state;

	io_uring_queue_exit(&urings[0].uring);
	io_uring_queue_exit(&urings[1].uring);
}

/* What it carries. */
RACE_INLINE uint64_t next_completion(struct io_uring *uring)
{
	struct io_uring_cqe *cqe;
	uint64_t data;

	hand_must(!io_uring_wait_cqe(uring, &cqe), "io_uring_wait_cqe");
	data = cqe->user_data;
	io_uring_cqe_seen(uring, cqe);
	return data;
}

RACE_INLINE void operate(struct io_uring *uring, int operation, struct word *word, uint64_t value)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(uring);

	io_uring_prep_rw(operation, sqe, FUTEX_32 | FUTEX_PRIVATE_FLAG, &word->called, 0, value);
	sqe->addr3 = ALL_BITS;
	hand_must(io_uring_submit_and_wait(uring, 1) == 1, "io_uring_submit_and_wait");
	next_completion(uring);
}

RACE_INLINE void uring_futex_await(void *state, unsigned int index)
{
	struct uring *mine = (struct uring *)state + index;

	while (!take(&mine->word))
		operate(&mine->uring, URING_FUTEX_WAIT, &mine->word, 0);
}

RACE_INLINE void uring_futex_call(void *state, unsigned int index)
{
	struct uring *urings = state;

	__atomic_store_n(&urings[index].word.called, CALLED, __ATOMIC_RELEASE);
	operate(&urings[!index].uring, URING_FUTEX_WAKE, &urings[index].word, 1);
}

TURNS(uring_futex)

RACE_INLINE void uring_msg_await(void *state, unsigned int index)
{
	struct uring *urings = state;

	hand_must(next_completion(&urings[index].uring) == CALLED, "io_uring message");
}

RACE_INLINE void uring_msg_call(void *state, unsigned int index)
{
	struct uring *urings = state;
	struct io_uring_sqe *sqe = io_uring_get_sqe(&urings[!index].uring);

	io_uring_prep_msg_ring(sqe, urings[index].uring.ring_fd, 0, CALLED, 0);
	sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
	hand_must(io_uring_submit(&urings[!index].uring) == 1, "io_uring_submit");
}

TURNS(uring_msg)

#define TWO_WORDS (2 * sizeof(struct word))

const struct hand_loop hand_turns[] = {
	{ "turn-futex", "futex", TWO_WORDS, NULL, futex_turns, NULL, NULL },
	{ "turn-futex2", "futex2", TWO_WORDS, NULL, futex2_turns, NULL, NULL },
	{ "turn-pipe", "pipes", sizeof(struct pipes), make_pipes, pipe_turns, NULL, close_pipes },
	{ "turn-eventfd", "eventfds", sizeof(struct eventfds), make_eventfds, eventfd_turns, NULL,
	  close_eventfds },
	{ "turn-sem", "sem_t", sizeof(struct semaphores), make_semaphores, sem_turns, NULL, NULL },
	{ "turn-cond", "pthread_cond_t", sizeof(struct conditions), make_conditions, cond_turns,
	  NULL, NULL },
	{ "turn-signal", "signals", sizeof(struct signals), block_signals, signal_turns, NULL,
	  NULL },
	{ "turn-uring-futex", "io_uring futex", 2 * sizeof(struct uring), make_urings,
	  uring_futex_turns, NULL, close_urings },
	{ "turn-uring-msg", "io_uring messages", 2 * sizeof(struct uring), make_urings,
	  uring_msg_turns, NULL, close_urings },
	{ 0 },
};

const struct hand_loop hand_spinning_turns[] = {
	{ "turn-spin", "spinning", TWO_WORDS, NULL, spin_turns, NULL, NULL },
	{ 0 },
};
