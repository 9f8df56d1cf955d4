/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PLACES 256
#define PER_PAGE 128
#define OTHERS 4 /* an event names two */

/* Tasks stay where they are: they are kept in pages, and found by a table of their numbers. */
struct tasks {
	uint32_t *places; /* 1 + the task's number; 0: free */
	size_t n_places; /* a power of two, at most half of it taken */
	struct task **pages;
	size_t n_pages;
	size_t n;
	struct task others[OTHERS]; /* in turn, for those who are too many */
	size_t next_other;
};

struct tasks *tasks_new(void)
{
	struct tasks *tasks = calloc(1, sizeof(*tasks));

	if (!tasks)
		return NULL;
	tasks->n_places = FIRST_PLACES;
	tasks->places = calloc(tasks->n_places, sizeof(*tasks->places));
	if (tasks->places)
		return tasks;
	free(tasks);
	return NULL;
}

static void free_pages(struct tasks *tasks)
{
	for (size_t i = 0; i < tasks->n_pages; i++)
		free(tasks->pages[i]);
	free(tasks->pages);
	tasks->pages = NULL;
	tasks->n_pages = 0;
}

void tasks_free(struct tasks *tasks)
{
	if (!tasks)
		return;
	free_pages(tasks);
	free(tasks->places);
	free(tasks);
}

void tasks_clear(struct tasks *tasks)
{
	free_pages(tasks);
	memset(tasks->places, 0, tasks->n_places * sizeof(*tasks->places));
	tasks->n = 0;
}

struct task *tasks_at(const struct tasks *tasks, size_t i)
{
	return i < tasks->n ? &tasks->pages[i / PER_PAGE][i % PER_PAGE] : NULL;
}

static uint32_t *place_of(const struct tasks *tasks, uint32_t pid)
{
	size_t at = (size_t)(pid * 0x9e3779b97f4a7c15ULL >> 32);

	for (;; at++) {
		uint32_t *place = &tasks->places[at & (tasks->n_places - 1)];

		if (!*place || tasks_at(tasks, *place - 1)->pid == pid)
			return place;
	}
}

static bool grow_places(struct tasks *tasks)
{
	uint32_t *more = calloc(2 * tasks->n_places, sizeof(*more));

	if (!more)
		return false;
	free(tasks->places);
	tasks->places = more;
	tasks->n_places *= 2;
	for (size_t i = 0; i < tasks->n; i++)
		*place_of(tasks, tasks_at(tasks, i)->pid) = (uint32_t)i + 1;
	return true;
}

static bool grow_pages(struct tasks *tasks)
{
	struct task **more = reallocarray(tasks->pages, tasks->n_pages + 1, sizeof(struct task *));

	if (!more)
		return false;
	tasks->pages = more;
	more[tasks->n_pages] = calloc(PER_PAGE, sizeof(struct task));
	if (!more[tasks->n_pages])
		return false;
	tasks->n_pages++;
	return true;
}

static struct task *make(struct tasks *tasks, uint32_t pid)
{
	struct task *task;

	if (2 * (tasks->n + 1) > tasks->n_places && !grow_places(tasks))
		return NULL;
	if (tasks->n == tasks->n_pages * PER_PAGE && !grow_pages(tasks))
		return NULL;
	*place_of(tasks, pid) = (uint32_t)++tasks->n;
	task = tasks_at(tasks, tasks->n - 1);
	task->pid = pid;
	snprintf(task->name, sizeof(task->name), "task %u", pid);
	return task;
}

struct task *tasks_find(struct tasks *tasks, uint32_t pid)
{
	uint32_t place = *place_of(tasks, pid);

	if (place)
		return tasks_at(tasks, place - 1);
	if (tasks->n < TASKS_MAX)
		return make(tasks, pid);
	tasks->next_other = (tasks->next_other + 1) % OTHERS;
	tasks->others[tasks->next_other] = (struct task){ .pid = pid };
	return &tasks->others[tasks->next_other];
}
