/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found, in words. */
#include <inttypes.h>
#include <string.h>

#include "experiment/reentry.h"
#include "session/number.h"

const char *reentry_outcome_name(enum reentry_outcome outcome)
{
	static const char *const names[REENTRY_OUTCOMES] = {
		[REENTRY_TAKEN] = "acquired",
		[REENTRY_REFUSED] = "refused",
		[REENTRY_SELF_DEADLOCK] = "self-deadlock",
		[REENTRY_HANGS] = "hangs",
		[REENTRY_SPINS] = "spins",
		[REENTRY_FAILED] = "failed",
	};

	return names[outcome];
}

const char *reentry_place_name(enum reentry_place place)
{
	static const char *const names[REENTRY_PLACES] = {
		[PLACE_LOCK] = "lock",
		[PLACE_STACK] = "stack",
		[PLACE_ELSEWHERE] = "elsewhere",
	};

	return names[place];
}

static void put_time(FILE *out, uint64_t ns)
{
	char text[NUMBER_TEXT];
	const char *unit;

	number_time(text, (double)ns, &unit);
	fprintf(out, "%s %s", text, unit);
}

static void put_owner(const struct reentry_finding *finding, FILE *out)
{
	if (!finding->has_owner)
		fputs("; it keeps no owner, so nobody can tell whom this thread waits for", out);
	else if (finding->owner == 0)
		fputs("; it names no owner: readers are only counted", out);
	else if (finding->owner == finding->tid)
		fprintf(out, ", which this very thread holds (tid %d)", finding->tid);
	else
		fprintf(out, ", which thread %d holds", finding->owner);
}

const char *reentry_refused_by(const struct reentry_finding *finding)
{
	if (!finding->counted || !finding->calls_counted)
		return NULL;
	if (finding->futex_failed > 0)
		return "the kernel";
	return finding->outcome == REENTRY_REFUSED && finding->futex_calls == 0 ? "the C library" :
										  NULL;
}

static void put_futex(const struct reentry_finding *finding, FILE *out)
{
	static const char *const words[REENTRY_PLACES] = {
		[PLACE_LOCK] = "a word of the lock",
		[PLACE_STACK] = "a word of its own stack, and not of the lock",
		[PLACE_ELSEWHERE] = "a word that is not of the lock",
	};

	if (reentry_refused_by(finding))
		fprintf(out, "refused by %s, and since then ", reentry_refused_by(finding));
	fprintf(out, "asleep in a futex wait on %s", words[finding->place]);
	put_owner(finding, out);
}

static void put_running(const struct reentry_finding *finding, FILE *out)
{
	fputs("still trying: ", out);
	put_time(out, finding->cpu_ns);
	fputs(" on a CPU in ", out);
	put_time(out, finding->waited_ns);
	fputs(" at the lock", out);
	put_owner(finding, out);
}

static void put_unknown(const struct reentry_finding *finding, FILE *out)
{
	fputs("not back after ", out);
	put_time(out, finding->waited_ns);
	fprintf(out,
		", and where it is cannot be seen (/proc/PID/task/TID/syscall: %s): at the lock",
		strerror(-finding->proc_error));
	put_owner(finding, out);
}

static void put_whereabouts(const struct reentry_finding *finding, FILE *out)
{
	switch (finding->where.kind) {
	case WHERE_FUTEX:
		put_futex(finding, out);
		break;
	case WHERE_RUNNING:
		put_running(finding, out);
		break;
	case WHERE_ELSEWHERE:
		fputs("asleep, and not on a futex, at the lock", out);
		put_owner(finding, out);
		break;
	case WHERE_UNKNOWN:
		put_unknown(finding, out);
		break;
	}
}

void reentry_describe(const struct reentry_finding *finding, FILE *out)
{
	switch (finding->outcome) {
	case REENTRY_TAKEN:
		fputs("returned 0: this thread holds it twice", out);
		break;
	case REENTRY_REFUSED:
		fprintf(out, "returned %s (%s)", strerrorname_np(finding->error),
			strerror(finding->error));
		if (reentry_refused_by(finding))
			fprintf(out, ": %s found out", reentry_refused_by(finding));
		break;
	case REENTRY_FAILED:
		fputs(finding->reason, out);
		break;
	default:
		put_whereabouts(finding, out);
	}
}
