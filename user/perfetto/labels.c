/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "perfetto/labels.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tracebench/slot.h>

#include "base/utf8.h"

#define PART 64 /* bytes of what a label is made of */

static const char *const reasons[TB_REASONS] = {
	[TB_FUTEX] = "futex",	    [TB_PIPE] = "pipe",
	[TB_EVENTFD] = "eventfd",   [TB_SOCKET] = "socket",
	[TB_MQUEUE] = "mqueue",	    [TB_SYSV] = "sysv",
	[TB_IO_URING] = "io_uring", [TB_KERNEL_LOCK] = "kernel lock",
	[TB_SLEEP] = "sleep",	    [TB_PAGE_FAULT] = "page fault",
	[TB_OTHER] = "other",
};

static const char *const lock_types[TB_LOCK_TYPES] = {
	[TB_SPINLOCK] = "spinlock", [TB_MUTEX] = "mutex",	  [TB_RWSEM] = "rwsem",
	[TB_RTMUTEX] = "rtmutex",   [TB_PERCPU] = "percpu rwsem",
};

/* By the operations' numbers in linux/futex.h, then the other ways (calls.h). */
static const char *const ways[TB_FUTEX_WAYS] = {
	"FUTEX_WAIT",
	"FUTEX_WAKE",
	"FUTEX_FD",
	"FUTEX_REQUEUE",
	"FUTEX_CMP_REQUEUE",
	"FUTEX_WAKE_OP",
	"FUTEX_LOCK_PI",
	"FUTEX_UNLOCK_PI",
	"FUTEX_TRYLOCK_PI",
	"FUTEX_WAIT_BITSET",
	"FUTEX_WAKE_BITSET",
	"FUTEX_WAIT_REQUEUE_PI",
	"FUTEX_CMP_REQUEUE_PI",
	"FUTEX_LOCK_PI2",
	[TB_FUTEX_UNKNOWN_OP] = "futex, unknown operation",
	[TB_FUTEX_WAITV] = "futex_waitv",
	[TB_FUTEX2_WAKE] = "futex_wake",
	[TB_FUTEX2_WAIT] = "futex_wait",
	[TB_FUTEX2_REQUEUE] = "futex_requeue",
	[TB_URING_FUTEX_WAIT] = "io_uring FUTEX_WAIT",
	[TB_URING_FUTEX_WAKE] = "io_uring FUTEX_WAKE",
	[TB_URING_FUTEX_WAITV] = "io_uring FUTEX_WAITV",
};

static const char *one_of(const char *const *list, size_t n, uint32_t which)
{
	return which < n && list[which] ? list[which] : "unknown";
}

static int by_address(const void *key, const void *element)
{
	const uint64_t *address = key;
	const struct capture_word *word = element;

	return *address < word->word ? -1 : *address > word->word;
}

/* " race+0x40", " 0x7f0012345678" where it has no name, nothing where there is no word. */
static void word_name(const struct labels *labels, uint64_t address, char name[PART])
{
	const struct content_end *end = &labels->race->end;
	const struct capture_word *word = NULL;

	*name = '\0';
	if (!address)
		return;
	if (end->n_words)
		word = bsearch(&address, end->words, end->n_words, sizeof(*word), by_address);
	*name = ' ';
	if (word)
		utf8_fit(word->name, name + 1, PART - 1);
	else
		snprintf(name + 1, PART - 1, "0x%" PRIx64, address);
}

static void task_name(const struct labels *labels, uint64_t pid, char label[LABEL],
		      const char *before)
{
	const struct task *task = pid ? tasks_find(labels->tasks, (uint32_t)pid) : NULL;

	snprintf(label, LABEL, "%s %s", before, task ? task->name : "a task");
}

void label_write(const void *of, const struct name *name, char label[LABEL])
{
	const struct labels *labels = of;
	char part[PART];

	switch (name->kind) {
	case NAME_RACE:
		label_race(&labels->race->race, label);
		break;
	case NAME_RACING:
		snprintf(label, LABEL, "racing");
		break;
	case NAME_WINDOW:
		snprintf(label, LABEL, "timed window");
		break;
	case NAME_SLEEP:
		word_name(labels, name->of, part);
		snprintf(label, LABEL, "asleep: %s%s", one_of(reasons, TB_REASONS, name->which),
			 part);
		break;
	case NAME_CALL:
		word_name(labels, name->of, part);
		snprintf(label, LABEL, "%s%s", one_of(ways, TB_FUTEX_WAYS, name->which), part);
		break;
	case NAME_CONTENTION:
		snprintf(part, PART, " 0x%" PRIx64, name->of);
		snprintf(label, LABEL, "waits for kernel %s%s",
			 one_of(lock_types, TB_LOCK_TYPES, name->which), name->of ? part : "");
		break;
	case NAME_WAKES:
		task_name(labels, name->of, label, "wakes");
		break;
	case NAME_WOKEN:
		task_name(labels, name->of, label, "woken by");
		break;
	}
}

void label_race(const struct capture_race *race, char label[LABEL])
{
	char strategy[PART], mode[PART];

	utf8_fit(race->strategy, strategy, PART);
	utf8_fit(race->mode, mode, PART);
	snprintf(label, LABEL, "%s, %s, %u worker%s, repeat %u", strategy, mode, race->workers,
		 race->workers == 1 ? "" : "s", race->repeat);
}
