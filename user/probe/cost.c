/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "probe/cost.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* "memlock: BYTES" is what the map has allocated; kernels before 6.4 compute it from its size. */
static int read_bytes(int fd, uint64_t *bytes)
{
	char path[64], line[128];
	FILE *file;
	int err = -ENODATA;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	if (!file)
		return -errno;
	while (err && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %" SCNu64, bytes) == 1)
			err = 0;
	fclose(file);
	return err;
}

static size_t count_maps(const struct bpf_object *object)
{
	const struct bpf_map *map;
	size_t n = 0;

	bpf_object__for_each_map(map, object)
		n++;
	return n;
}

int cost_of_maps(const struct bpf_object *object, struct map_cost **maps, size_t *n)
{
	struct map_cost *list = calloc(count_maps(object) + 1, sizeof(*list));
	const struct bpf_map *map;
	size_t filled = 0;
	int err = 0;

	if (!list)
		return -ENOMEM;
	bpf_object__for_each_map(map, object) {
		/* One of two ways was taken, and the other one's map is not there. */
		if (bpf_map__fd(map) < 0)
			continue;
		list[filled].name = bpf_map__name(map);
		err = read_bytes(bpf_map__fd(map), &list[filled++].bytes);
		if (err)
			break;
	}
	if (err) {
		free(list);
		return err;
	}
	*maps = list;
	*n = filled;
	return 0;
}

static int read_runs(const struct bpf_program *program, struct program_cost *cost)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);
	int err = bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size);

	*cost = (struct program_cost){
		.name = bpf_program__section_name(program),
		.runs = info.run_cnt,
		.run_ns = info.run_time_ns,
	};
	return err;
}

int cost_of_programs(const struct bpf_object_skeleton *skeleton, struct program_cost **programs,
		     size_t *n)
{
	struct program_cost *list = calloc((size_t)skeleton->prog_cnt + 1, sizeof(*list));
	size_t filled = 0;
	int err = 0;

	if (!list)
		return -ENOMEM;
	for (int i = 0; i < skeleton->prog_cnt && !err; i++)
		if (*skeleton->progs[i].link)
			err = read_runs(*skeleton->progs[i].prog, &list[filled++]);
	if (err) {
		free(list);
		return err;
	}
	*programs = list;
	*n = filled;
	return 0;
}

int cost_statistics_open(void)
{
	return bpf_enable_stats(BPF_STATS_RUN_TIME);
}
