/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/perf_group.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The group is disabled by its leader alone. */
static int open_event(const struct perf_kind *kind, bool with_kernel, int leader)
{
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.type = kind->type,
		.config = kind->config,
		.disabled = leader < 0,
		.exclude_kernel = !with_kernel,
		.exclude_hv = 1,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	long fd = syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/* No such event; no such event on this CPU; it does not fit beside the others. */
static bool is_missing(int err)
{
	return err == -ENOENT || err == -EOPNOTSUPP || err == -EINVAL || err == -ENOSPC;
}

int perf_group_open(const struct perf_choice *choice, struct perf_group *group)
{
	*group = (struct perf_group){ 0 };
	for (unsigned int i = 0; i < choice->n_events; i++) {
		int leader = i == 0 ? -1 : group->fds[0];
		int fd = open_event(&choice->events[i], choice->with_kernel, leader);

		if (fd < 0 && (i == 0 || !is_missing(fd))) {
			perf_group_close(group);
			return fd;
		}
		group->fds[group->n_events++] = fd < 0 ? -1 : fd;
	}
	return 0;
}

void perf_group_close(struct perf_group *group)
{
	while (group->n_events > 0)
		if (group->fds[--group->n_events] >= 0)
			close(group->fds[group->n_events]);
}

static int control(const struct perf_group *group, unsigned long request)
{
	if (group->n_events == 0)
		return 0;
	return ioctl(group->fds[0], request, PERF_IOC_FLAG_GROUP) ? -errno : 0;
}

int perf_group_enable(const struct perf_group *group)
{
	return control(group, PERF_EVENT_IOC_ENABLE);
}

int perf_group_disable(const struct perf_group *group)
{
	return control(group, PERF_EVENT_IOC_DISABLE);
}

/* As read(2) of a leader fills it: values of the events that were opened, in that order. */
struct group_format {
	uint64_t n_values;
	uint64_t enabled_ns;
	uint64_t running_ns;
	uint64_t values[PERF_GROUP_MAX];
};

int perf_group_read(const struct perf_group *group, struct perf_reading *reading)
{
	struct group_format format;
	unsigned int value = 0;
	ssize_t bytes;

	if (group->n_events == 0)
		return 0;
	bytes = read(group->fds[0], &format, sizeof(format));
	if (bytes < 0)
		return -errno;
	*reading = (struct perf_reading){
		.enabled_ns = format.enabled_ns,
		.running_ns = format.running_ns,
	};
	for (unsigned int i = 0; i < group->n_events && value < format.n_values; i++) {
		if (group->fds[i] < 0)
			continue;
		reading->values[i] = format.values[value++];
		reading->counted |= 1U << i;
	}
	return 0;
}

uint64_t perf_scaled(const struct perf_reading *reading, unsigned int event)
{
	unsigned __int128 value = reading->values[event];

	return (uint64_t)(value * reading->enabled_ns / reading->running_ns);
}
