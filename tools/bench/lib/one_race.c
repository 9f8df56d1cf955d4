/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/one_race.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/child.h"

#define WORD "--one-race" /* then the watch, the increments and where the result is to go */
#define WORDS 5
#define NUMBER_BYTES 24

/* As bench_spec() has it for the race, and time for a program around it to write its report. */
#define DEADLINE_NS (120 * NS_PER_S)

static const int first_cpu[] = { 0, 0 };

void one_race_if_asked(int argc, char **argv)
{
	struct watcher watcher = { 0 };
	struct race_spec spec;
	enum watch watch;
	double ns;

	if (argc != WORDS || strcmp(argv[1], WORD))
		return;
	watch = (enum watch)strtoul(argv[2], NULL, 10);
	spec = bench_spec("turn-futex", 2, strtoull(argv[3], NULL, 10), first_cpu);
	if (watch != WATCH_NONE)
		watcher_load(&watcher, 2);
	ns = watcher_race(&watcher, watch, &spec).ns;
	watcher_free(&watcher);
	/* One write of so few bytes is never in two parts. */
	exit(write(atoi(argv[4]), &ns, sizeof(ns)) == sizeof(ns) ? EXIT_SUCCESS : EXIT_FAILURE);
}

static double read_result(int fd)
{
	struct pollfd polled = { .fd = fd, .events = POLLIN };
	double ns;

	/* A signal is the end of this, and so is the last descriptor at the other end. */
	if (poll(&polled, 1, (int)(DEADLINE_NS / NS_PER_MS)) != 1 ||
	    read(fd, &ns, sizeof(ns)) != sizeof(ns))
		return NAN;
	return ns;
}

/* Our own program, by a name that holds in any folder. */
static const char *own_program(void)
{
	static char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n > 0 ? n : 0] = '\0';
	return path;
}

static pid_t start(const struct one_race *race, int result)
{
	char watch[NUMBER_BYTES], iterations[NUMBER_BYTES], fd[NUMBER_BYTES];
	const char *argv[ONE_RACE_AROUND_MAX + WORDS + 1];
	size_t n = 0;

	snprintf(watch, sizeof(watch), "%d", (int)race->watch);
	snprintf(iterations, sizeof(iterations), "%" PRIu64, race->iterations);
	snprintf(fd, sizeof(fd), "%d", result);
	while (race->around && race->around[n] && n < ONE_RACE_AROUND_MAX) {
		argv[n] = race->around[n];
		n++;
	}
	argv[n++] = own_program();
	argv[n++] = WORD;
	argv[n++] = watch;
	argv[n++] = iterations;
	argv[n++] = fd;
	argv[n] = NULL;
	return child_start(argv, race->folder, race->log);
}

double one_race_ns(const struct one_race *race)
{
	double ns = NAN;
	int result[2];
	pid_t pid;

	if (pipe(result))
		return NAN;
	/* The other end is for the child, through whatever is around it. */
	fcntl(result[0], F_SETFD, FD_CLOEXEC);
	pid = start(race, result[1]);
	close(result[1]);
	if (pid > 0) {
		ns = read_result(result[0]);
		if (!child_wait(pid, isnan(ns) ? 0 : DEADLINE_NS))
			ns = NAN;
	}
	close(result[0]);
	return ns;
}
