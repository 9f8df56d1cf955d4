/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hardware.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/privilege.h"
#include "base/sysctl.h"

const struct perf_kind hardware_events[HARDWARE_EVENTS] = {
	[HARDWARE_CYCLES] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
	[HARDWARE_INSTRUCTIONS] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS },
	[HARDWARE_CACHE_REFERENCES] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES },
	[HARDWARE_CACHE_MISSES] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES },
	[HARDWARE_BRANCH_MISSES] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES },
};

struct perf_choice hardware_choice(const struct hardware_support *support)
{
	return (struct perf_choice){
		.events = hardware_events,
		.n_events = HARDWARE_EVENTS,
		.with_kernel = support->with_kernel,
	};
}

/* What the child says by its exit status, where that is not the errno it met. */
enum { WITH_KERNEL = 0, WITHOUT_KERNEL = 255, COUNTS_NOTHING = 254, GAVE_UP = 253 };

static int count_for_a_moment(bool with_kernel)
{
	const struct hardware_support wished = { .with_kernel = with_kernel };
	const struct perf_choice choice = hardware_choice(&wished);
	struct perf_reading reading = { 0 };
	struct perf_group group;
	int err = perf_group_open(&choice, &group);

	if (err)
		return -err;
	err = perf_group_enable(&group);
	for (volatile int i = 0; i < 100000; i++)
		;
	if (!err)
		err = perf_group_disable(&group);
	if (!err)
		err = perf_group_read(&group, &reading);
	if (err)
		return -err;
	if (reading.running_ns == 0 || reading.values[HARDWARE_CYCLES] == 0)
		return COUNTS_NOTHING;
	return with_kernel ? WITH_KERNEL : WITHOUT_KERNEL;
}

/* As an arena does (race/arena.c), then as a worker. */
static _Noreturn void try_as_worker(bool keep_root)
{
	int status;

	if (!(keep_root && geteuid() == 0) && privilege_narrow(PRIVILEGE_NONE))
		_exit(GAVE_UP);
	status = count_for_a_moment(true);
	if (status == EACCES || status == EPERM)
		status = count_for_a_moment(false);
	_exit(status);
}

void hardware_explain(int err, int paranoid, char reason[HARDWARE_REASON_BYTES])
{
	const char *name = strerrorname_np(-err);

	if (err == -ENOENT)
		snprintf(reason, HARDWARE_REASON_BYTES,
			 "ENOENT: this processor, or the VM that it is part of, has none to show");
	else if (err == -EOPNOTSUPP)
		snprintf(reason, HARDWARE_REASON_BYTES,
			 "EOPNOTSUPP: the kernel has no driver for this processor's");
	else if (err == -ENOSYS)
		snprintf(reason, HARDWARE_REASON_BYTES,
			 "ENOSYS: no CONFIG_PERF_EVENTS in the kernel, or hidden by seccomp");
	else if ((err == -EACCES || err == -EPERM) && paranoid > 2)
		snprintf(
			reason, HARDWARE_REASON_BYTES,
			"%s: kernel.perf_event_paranoid is %d; workers, which are not root, need 2 "
			"(sysctl kernel.perf_event_paranoid=2, or --keep-root)",
			name, paranoid);
	else if (err == -EACCES || err == -EPERM)
		snprintf(reason, HARDWARE_REASON_BYTES,
			 "%s: forbidden by a seccomp filter, as containers have, or by a security "
			 "module",
			 name);
	else
		snprintf(reason, HARDWARE_REASON_BYTES, "%s: %s", name ? name : "unknown error",
			 strerror(-err));
}

static void conclude(int status, struct hardware_support *support)
{
	support->works = status == WITH_KERNEL || status == WITHOUT_KERNEL;
	support->with_kernel = status == WITH_KERNEL;
	if (status == COUNTS_NOTHING)
		snprintf(support->reason, sizeof(support->reason),
			 "they can be opened and count nothing");
	else if (status == GAVE_UP)
		snprintf(support->reason, sizeof(support->reason),
			 "the rights of a worker cannot be had to try it with");
	else if (!support->works)
		hardware_explain(-status,
				 (int)sysctl_read("/proc/sys/kernel/perf_event_paranoid", -1),
				 support->reason);
}

void hardware_find(bool keep_root, struct hardware_support *support)
{
	int status;
	pid_t pid = fork();

	*support = (struct hardware_support){ 0 };
	if (pid == 0)
		try_as_worker(keep_root);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		hardware_explain(-errno, -1, support->reason);
	else if (WIFSIGNALED(status))
		snprintf(support->reason, sizeof(support->reason),
			 "trying it was ended by SIG%s: seccomp?", sigabbrev_np(WTERMSIG(status)));
	else
		conclude(WEXITSTATUS(status), support);
}
