/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/drain.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "probe/event_queue.h"
#include "probe/timeline.h"

#define HELD_EVENTS 2048 /* kept back for those that come too late: more than one call wakes */
#define AT_MOST_MS 50

struct drain {
	struct timeline *timeline;
	struct capture_writer *writer;
	struct event_queue *queues;
	struct tb_event *taken;
	cpu_set_t cpus;
	bool keeps_apart; /* it is to run on these */
	int epoll_fd;
	int stop_fd;
	pthread_t thread;
};

/* All but the last ones. A capture that cannot be written to says so, once; the rings go on. */
static void flush(struct drain *drain, unsigned int cpu, size_t held)
{
	struct event_queue *queue = &drain->queues[cpu];
	size_t n = queue->n > held ? queue->n - held : 0;

	if (!n)
		return;
	capture_events(drain->writer, cpu, queue->events, n);
	event_queue_drop(queue, n);
}

static void append(struct drain *drain, unsigned int cpu, size_t n)
{
	struct event_queue *queue = &drain->queues[cpu];

	for (size_t i = 0; i < n; i++) {
		if (queue->n == EVENT_QUEUE_ROOM)
			flush(drain, cpu, HELD_EVENTS);
		event_queue_put(queue, &drain->taken[i]);
	}
}

/* Returns whether an event is just being written. */
static bool take_ring(struct drain *drain, unsigned int cpu)
{
	bool pending;
	size_t n;

	do {
		n = ring_take(&drain->timeline->rings[cpu], drain->taken, EVENT_QUEUE_ROOM,
			      &pending);
		append(drain, cpu, n);
	} while (n + RING_RECORD_EVENTS > EVENT_QUEUE_ROOM);
	return pending;
}

static bool take_all(struct drain *drain)
{
	bool pending = false;

	for (unsigned int cpu = 0; cpu < drain->timeline->n_cpus; cpu++)
		pending |= take_ring(drain, cpu);
	return pending;
}

/* Edge-triggered: else it would wake for every event that comes, and not for a quarter of a ring. */
static bool stopped(const struct drain *drain)
{
	struct epoll_event event;
	uint64_t said;

	/* Whatever ends it, all rings are looked at. */
	epoll_wait(drain->epoll_fd, &event, 1, AT_MOST_MS);
	return read(drain->stop_fd, &said, sizeof(said)) == sizeof(said);
}

static void *drain_main(void *context)
{
	struct drain *drain = context;

	prctl(PR_SET_NAME, "tb-drain");
	/* Where it may not, it runs wherever the kernel puts it. */
	if (drain->keeps_apart)
		sched_setaffinity(0, sizeof(drain->cpus), &drain->cpus);
	while (!stopped(drain))
		take_all(drain);
	/* A program that was at work when it was detached is so for a microsecond. */
	while (take_all(drain))
		sched_yield();
	for (unsigned int cpu = 0; cpu < drain->timeline->n_cpus; cpu++)
		flush(drain, cpu, 0);
	return NULL;
}

/* Those that this process may run on and the race does not. */
static void choose_cpus(struct drain *drain, const int *cpus, unsigned int n_cpus)
{
	if (sched_getaffinity(0, sizeof(drain->cpus), &drain->cpus))
		return;
	for (unsigned int i = 0; i < n_cpus; i++) {
		if (cpus[i] < 0)
			return;
		CPU_CLR((size_t)cpus[i], &drain->cpus);
	}
	drain->keeps_apart = CPU_COUNT(&drain->cpus) > 0;
}

static int watch(const struct drain *drain, int fd)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };

	return epoll_ctl(drain->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int open_epoll(struct drain *drain)
{
	int err;

	drain->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (drain->epoll_fd < 0)
		return -errno;
	drain->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (drain->stop_fd < 0)
		return -errno;
	err = watch(drain, drain->stop_fd);
	for (unsigned int cpu = 0; cpu < drain->timeline->n_cpus && !err; cpu++)
		err = watch(drain, drain->timeline->rings[cpu].fd);
	return err;
}

static int make_queues(struct drain *drain)
{
	unsigned int n = drain->timeline->n_cpus;

	drain->taken = calloc(EVENT_QUEUE_ROOM, sizeof(*drain->taken));
	drain->queues = calloc(n, sizeof(*drain->queues));
	if (!drain->taken || !drain->queues)
		return -ENOMEM;
	/* Memory that is not touched, as for CPUs on which nothing happens, is not taken. */
	for (unsigned int cpu = 0; cpu < n; cpu++) {
		drain->queues[cpu].events = calloc(EVENT_QUEUE_ROOM, sizeof(struct tb_event));
		if (!drain->queues[cpu].events)
			return -ENOMEM;
	}
	return 0;
}

static void drain_free(struct drain *drain)
{
	for (unsigned int cpu = 0; drain->queues && cpu < drain->timeline->n_cpus; cpu++)
		free(drain->queues[cpu].events);
	free(drain->queues);
	free(drain->taken);
	if (drain->epoll_fd >= 0)
		close(drain->epoll_fd);
	if (drain->stop_fd >= 0)
		close(drain->stop_fd);
	free(drain);
}

int drain_start(struct probe *probe, struct capture_writer *writer, const int *cpus,
		unsigned int n_cpus, struct drain **drain)
{
	struct drain *made = calloc(1, sizeof(*made));
	int err;

	*drain = NULL;
	if (!made)
		return -ENOMEM;
	made->timeline = probe_timeline(probe);
	made->writer = writer;
	made->epoll_fd = made->stop_fd = -1;
	choose_cpus(made, cpus, n_cpus);
	err = make_queues(made);
	if (!err)
		err = open_epoll(made);
	if (!err)
		err = -pthread_create(&made->thread, NULL, drain_main, made);
	if (err)
		drain_free(made);
	else
		*drain = made;
	return err;
}

void drain_stop(struct drain *drain)
{
	const uint64_t one = 1;

	if (!drain)
		return;
	/* Into a counter at zero: it cannot fail. */
	while (write(drain->stop_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	pthread_join(drain->thread, NULL);
	drain_free(drain);
}
