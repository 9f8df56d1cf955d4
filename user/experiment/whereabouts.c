/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "experiment/whereabouts.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

struct whereabouts whereabouts_by_slot(const struct tb_slot *slot)
{
	struct whereabouts found = { .kind = WHERE_ELSEWHERE };

	if (slot->state == TB_UNSEEN)
		found.kind = WHERE_UNKNOWN;
	else if (slot->state != TB_BLOCKED)
		found.kind = WHERE_RUNNING;
	else if (slot->reason == TB_FUTEX && slot->futex)
		found = (struct whereabouts){ WHERE_FUTEX, slot->futex };
	return found;
}

static FILE *open_task_file(pid_t process, pid_t task, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", process, task, name);
	return fopen(path, "re");
}

/* One line that is read in one go. */
static int read_task_line(pid_t process, pid_t task, const char *name, char *line, size_t bytes)
{
	FILE *file = open_task_file(process, task, name);
	int err = file ? 0 : -errno;

	errno = 0;
	if (file && !fgets(line, (int)bytes, file))
		err = errno ? -errno : -ENODATA;
	if (file)
		fclose(file);
	return err;
}

/* "running", or the call's number and arguments; -1 for who sleeps outside of any call. */
int whereabouts_by_proc(pid_t process, pid_t task, struct whereabouts *whereabouts)
{
	char line[256];
	long call;
	uint64_t first;
	int err = read_task_line(process, task, "syscall", line, sizeof(line));

	*whereabouts = (struct whereabouts){ .kind = WHERE_UNKNOWN };
	if (err)
		return err;
	if (!strncmp(line, "running", strlen("running")))
		whereabouts->kind = WHERE_RUNNING;
	else if (sscanf(line, "%ld 0x%" SCNx64, &call, &first) == 2 && call == SYS_futex)
		*whereabouts = (struct whereabouts){ WHERE_FUTEX, first };
	else
		whereabouts->kind = WHERE_ELSEWHERE;
	return 0;
}

int whereabouts_switches(pid_t process, pid_t task, struct proc_counts *counts)
{
	FILE *file = open_task_file(process, task, "status");
	char line[256];
	int found = 0;

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		found += sscanf(line, "voluntary_ctxt_switches: %" SCNu64, &counts->voluntary);
		found += sscanf(line, "nonvoluntary_ctxt_switches: %" SCNu64, &counts->involuntary);
	}
	fclose(file);
	return found == 2 ? 0 : -ENODATA;
}

int whereabouts_cpu_ns(pid_t process, pid_t task, uint64_t *cpu_ns)
{
	char line[128];
	int err = read_task_line(process, task, "schedstat", line, sizeof(line));

	if (err)
		return err;
	return sscanf(line, "%" SCNu64, cpu_ns) == 1 ? 0 : -ENODATA;
}
