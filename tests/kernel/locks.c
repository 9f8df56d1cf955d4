/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Many futex words: as many rows as words were slept on, and none lost; a table that is too small
 * says how many sleeps it has no row for, and the sums are right all the same. As much for one word
 * and many tasks.
 */
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/traced_main.h"
#include "strategy/registry.h"

#define WORDS 10000
#define FEW 200
#define TINY 16

static size_t words_size(const struct race *race)
{
	return sizeof(uint32_t[WORDS]) * race->workers;
}

/* Goes to sleep on each word once, and is woken by the time-out. */
static int sleep_on_each(struct worker *worker)
{
	uint32_t *words = (uint32_t *)worker->race->object + (size_t)worker->index * WORDS;
	const struct timespec moment = { .tv_nsec = 1 };

	for (; worker->done < worker->race->iterations; worker->done++)
		if (syscall(SYS_futex, &words[worker->done], FUTEX_WAIT, 0, &moment) != -1 ||
		    errno != ETIMEDOUT)
			return -EIO;
	return 0;
}

static const struct strategy sleeper = {
	.name = "sleeper", .modes = IN_BOTH, .object_size = words_size, .work = sleep_on_each
};

struct rows {
	uint64_t rows, slept, lost, in_slots, wait_ns, blocked_ns;
};

static struct rows count(struct probe *probe, enum mode mode, uint64_t words)
{
	struct race_spec spec = traced_spec(&sleeper, mode, false);
	struct race_outcome outcome;
	struct findings findings;
	struct counts total;
	struct rows rows = { 0 };

	spec.duration_ns = 0;
	spec.iterations = words;
	traced_run(probe, &spec, &outcome);
	if (probe_findings(probe, &findings))
		tap_note("the findings cannot be had");
	total = traced_total(&outcome);
	for (size_t i = 0; i < findings.n_locks; i++) {
		if (findings.locks[i].what != TB_WHAT_FUTEX)
			continue;
		rows.rows++;
		rows.slept += findings.locks[i].count;
		rows.wait_ns += findings.locks[i].wait_ns;
	}
	rows.lost = total.lost[TB_LOST_LOCKS];
	rows.in_slots = total.slept[TB_FUTEX];
	rows.blocked_ns = total.blocked_ns[TB_FUTEX];
	tap_ok(traced_switches_agree(&outcome), "%s: switches equal getrusage's", mode_name(mode));
	findings_free(&findings);
	race_outcome_free(&outcome);
	return rows;
}

static void check_many(struct probe *probe, enum mode mode)
{
	struct rows rows = count(probe, mode, WORDS);

	tap_equal(rows.lost, 0, "%s: %d words of each of two tasks find room", mode_name(mode),
		  WORDS);
	tap_equal(rows.slept, rows.in_slots, "%s: the rows' sleeps add up to all", mode_name(mode));
	tap_equal(rows.wait_ns, rows.blocked_ns, "%s: and so do their times", mode_name(mode));
	/* One whose time is over before it sleeps is none. */
	tap_ok(rows.rows == rows.slept && rows.rows > WORDS, "%s: a row per word (%" PRIu64 ")",
	       mode_name(mode), rows.rows);
}

static void check_tiny(struct probe *probe, enum mode mode)
{
	struct rows rows = count(probe, mode, FEW);

	tap_ok(rows.rows <= TINY, "%s: a tiny table has few rows", mode_name(mode));
	tap_ok(rows.lost > 0, "%s: and says so (%" PRIu64 " sleeps lost)", mode_name(mode),
	       rows.lost);
	tap_equal(rows.slept + rows.lost, rows.in_slots, "%s: every sleep is in a row or lost",
		  mode_name(mode));
}

/* ---- One word, and many that sleep on it ---- */

#define CROWD 24

static int sleep_on_one(struct worker *worker)
{
	const struct timespec moment = { .tv_nsec = 100000 };

	for (; worker->done < worker->race->iterations; worker->done++)
		if (syscall(SYS_futex, worker->race->object, FUTEX_WAIT, 0, &moment) != -1 ||
		    errno != ETIMEDOUT)
			return -EIO;
	return 0;
}

static const struct strategy crowd = {
	.name = "crowd", .modes = IN_BOTH, .object_size = words_size, .work = sleep_on_one
};

static void check_crowd(struct probe *probe, enum mode mode)
{
	static int cpus[CROWD];
	struct race_spec spec = traced_spec(&crowd, mode, true);
	struct race_outcome outcome;
	struct findings findings;
	struct counts total;
	uint64_t slept = 0;

	for (unsigned int i = 0; i < CROWD; i++)
		cpus[i] = spec.cpus[0];
	spec.cpus = cpus;
	spec.workers = CROWD;
	spec.duration_ns = 0;
	spec.iterations = 10;
	traced_run(probe, &spec, &outcome);
	if (probe_findings(probe, &findings))
		tap_note("the findings cannot be had");
	total = traced_total(&outcome);
	for (size_t i = 0; i < findings.n_locks; i++)
		slept += findings.locks[i].address == outcome.object ? findings.locks[i].count : 0;
	tap_equal(total.lost[TB_LOST_LOCKS], 0, "%s: %d that sleep on one word find room",
		  mode_name(mode), CROWD);
	tap_equal(slept, total.slept[TB_FUTEX], "%s: and all of their sleeps are there",
		  mode_name(mode));
	findings_free(&findings);
	race_outcome_free(&outcome);
}

int main(void)
{
	traced_check((struct probe_options){ .max_tasks = CROWD }, check_many);
	traced_check((struct probe_options){ .max_tasks = CROWD, .max_locks = TINY }, check_tiny);
	traced_check((struct probe_options){ .max_tasks = CROWD }, check_crowd);
	return tap_done();
}
