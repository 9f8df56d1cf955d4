/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lib/rival.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/child.h"

#define RIVAL_LOG "rival.log"
#define RACE_LOG "race.log"
#define PROGRAMS_MAX 16

#define READY_NS (30 * NS_PER_S)
#define LOOK_AGAIN_US 1000
#define REPORT_NS (30 * NS_PER_S) /* to print what it has seen; then it is killed */

/* Where it is to be said why there is no number. */
struct complaint {
	char *why;
	size_t size;
	const char *folder; /* with the logs */
};

/* Switches, the time off the CPU and in futex(2), by task: what the sleeps level has of it. */
#define BPFTRACE_SCRIPT \
	"tracepoint:sched:sched_switch {" \
	"	@switches[args->prev_pid, args->prev_state != 0] = count();" \
	"	@out[args->prev_pid] = nsecs;" \
	"	if (@out[args->next_pid] != 0) {" \
	"		@off_cpu_ns[args->next_pid] = hist(nsecs - @out[args->next_pid]);" \
	"		delete(@out[args->next_pid]);" \
	"	}" \
	"}" \
	"tracepoint:syscalls:sys_enter_futex { @in[tid] = nsecs; }" \
	"tracepoint:syscalls:sys_exit_futex /@in[tid] != 0/ {" \
	"	@futex_ns[tid] = hist(nsecs - @in[tid]);" \
	"	delete(@in[tid]);" \
	"}"

/* The numbers of programs are those of Debian 12. */
const struct rival rivals[N_RIVALS] = {
	{ "bpftrace", "bpftrace", { "bpftrace", "-e", BPFTRACE_SCRIPT }, 3, 1 },
	{ "offcputime", "libbpf-tools", { "offcputime" }, 1, 1 },
	{ "syscount", "libbpf-tools", { "syscount" }, 1, 1 },
	{ "runqlat", "libbpf-tools", { "runqlat" }, 3, 1 },
	{ "wakeuptime", "libbpf-tools", { "wakeuptime" }, 2, 1 },
	{ "perf sched record", "linux-perf", { "perf", "sched", "record", "--" }, 0, 1 },
	{ "strace -c -f", "strace", { "strace", "-c", "-f" }, 0, 4 },
	{ "perf trace -s", "linux-perf", { "perf", "trace", "-s", "--" }, 0, 4 },
};

bool rival_is_installed(const struct rival *rival)
{
	char folders[PATH_MAX], path[PATH_MAX];
	char *rest = folders, *folder;

	snprintf(folders, sizeof(folders), "%s", getenv("PATH") ? getenv("PATH") : "");
	while ((folder = strsep(&rest, ":"))) {
		snprintf(path, sizeof(path), "%s/%s", folder, rival->argv[0]);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

/* How many BPF programs the process has attached, whether by a link or by a perf event. */
static unsigned int count_attached(pid_t pid)
{
	unsigned int seen[PROGRAMS_MAX];
	unsigned int n = 0;
	struct dirent *entry;
	char path[64];
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	fds = opendir(path);
	while (fds && n < PROGRAMS_MAX && (entry = readdir(fds))) {
		__u32 name_bytes = 0, program = 0, type;
		__u64 offset, address;
		unsigned int i = 0;

		if (entry->d_name[0] == '.' ||
		    bpf_task_fd_query(pid, atoi(entry->d_name), 0, NULL, &name_bytes, &program,
				      &type, &offset, &address))
			continue;
		while (i < n && seen[i] != program)
			i++;
		if (i == n)
			seen[n++] = program;
	}
	if (fds)
		closedir(fds);
	return n;
}

/* How many of its programs are attached when all are, it has ended, or it takes too long. */
static unsigned int wait_until_ready(const struct rival *rival, pid_t pid)
{
	uint64_t deadline_ns = clock_now_ns() + READY_NS;
	unsigned int attached;

	/* A signal ends the sleep, and with it the wait. */
	do
		attached = count_attached(pid);
	while (attached < rival->programs && clock_now_ns() < deadline_ns &&
	       !child_has_ended(pid) && !usleep(LOOK_AGAIN_US));
	return attached;
}

/* What went wrong, and the last thing that the log has of it. */
static void explain(struct complaint *complaint, const char *what, const char *log)
{
	char path[PATH_MAX], line[160], last[sizeof(line)] = "";
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", complaint->folder, log);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (line[strspn(line, " \t\n")])
			memcpy(last, line, sizeof(last));
	if (file)
		fclose(file);
	last[strcspn(last, "\n")] = '\0';
	snprintf(complaint->why, complaint->size, "%s%s%s", what, last[0] ? ": " : "", last);
}

static double race_around(const struct rival *rival, struct one_race *race,
			  struct complaint *complaint)
{
	double ns;

	race->around = rival->argv;
	ns = one_race_ns(race);
	if (isnan(ns))
		explain(complaint, "it failed", RACE_LOG);
	return ns;
}

static double race_beside(const struct rival *rival, const struct one_race *race,
			  struct complaint *complaint)
{
	pid_t pid = child_start(rival->argv, race->folder, RIVAL_LOG);
	bool ready = pid > 0 && wait_until_ready(rival, pid) >= rival->programs;
	double ns = ready ? one_race_ns(race) : NAN;
	/* What is not attached to the end has not seen all of it. What comes later is not timed. */
	bool stayed = pid > 0 && count_attached(pid) >= rival->programs;

	if (pid > 0)
		child_interrupt(pid, REPORT_NS);
	if (!ready)
		explain(complaint, "it did not attach all its programs", RIVAL_LOG);
	else if (isnan(ns))
		explain(complaint, "the race beside it failed", RACE_LOG);
	else if (!stayed)
		explain(complaint, "it ended before the race", RIVAL_LOG);
	return stayed ? ns : NAN;
}

double rival_race_ns(const struct rival *rival, uint64_t iterations, const char *folder, char *why,
		     size_t why_size)
{
	struct complaint complaint = { .why = why, .size = why_size, .folder = folder };
	struct one_race race = {
		.watch = WATCH_NONE,
		.iterations = iterations / rival->slow,
		.folder = folder,
		.log = RACE_LOG,
	};

	why[0] = '\0';
	if (rival->programs)
		return race_beside(rival, &race, &complaint);
	return race_around(rival, &race, &complaint);
}
