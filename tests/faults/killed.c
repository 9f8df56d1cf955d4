/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whoever is killed, and whenever: nothing is left, but for what the next start removes, and a file
 * that was to be saved is a session or is not there.
 *
 *	FAULTS_ROUNDS=N		so many for each party (default 25)
 *	FAULTS_SEED=N		the moments of an earlier run
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "lib/leftovers.h"
#include "lib/party.h"
#include "lib/tap.h"

/* How one is ended. A stopped process cannot do anything about its end. */
static const struct {
	int signal;
	bool stopped;
	const char *name;
} ends[] = { { SIGKILL, false, "SIGKILL" },
	     { SIGKILL, true, "SIGSTOP and SIGKILL" },
	     { SIGSEGV, false, "SIGSEGV" } };

static const char *const roles[] = { [ROLE_RUN] = "the run",
				     [ROLE_ARENA] = "the arena",
				     [ROLE_WORKER] = "a worker",
				     [ROLE_SAVER] = "who saves" };

/* One that is ended, and what was seen then. */
struct fault {
	enum role role;
	unsigned int end; /* of ends[] */
	bool lives; /* it is not */
	bool ordinary; /* the run is an ordinary user's */
	bool saves, overwrites;
	bool sent; /* it did not end first */
	int status;
	char found[1024];
};

static void choose_arguments(const struct fault *fault, const char *arguments[16])
{
	/* Each with something of the kernel's that could stay behind. */
	static const char *const strategies[] = {
		"shm",		"sem-sysv", "eventfd-queue", "unix-dgram", "ofd-lock",
		"pipe",		"queue",    "sysv-msg",	     "mqueue",	   "turn-signal",
		"mutex-robust", "shm",	    "pipe-duplex",   "sem-sysv",
	};
	const unsigned int n_strategies = sizeof(strategies) / sizeof(strategies[0]);
	static const char *const modes[] = { "--mode=processes", "--mode=threads" };
	unsigned int first = party_random(n_strategies - 1);
	int n = 0;

	arguments[n++] = "run";
	arguments[n++] = strategies[first];
	arguments[n++] = strategies[first + 1];
	arguments[n++] = modes[fault->role == ROLE_WORKER ? 0 : party_random(2)];
	/* Nobody who is forgotten ends by himself. */
	arguments[n++] = fault->role == ROLE_RUN && !fault->lives && party_random(2) ? "-d3600s" :
										       "-d20ms";
	arguments[n++] = "-r1";
	arguments[n++] = "--warmup=0";
	arguments[n++] = party_random(4) ? "--trace=auto" : "--trace=off";
	if (fault->saves) {
		arguments[n++] = "-o";
		arguments[n++] = "s.json";
	}
	if (fault->overwrites)
		arguments[n++] = "--force";
	arguments[n] = NULL;
}

/* The moment of the run itself is any; the others are waited for, and then given a while. */
static int await_victim(const struct party *party, enum role role, unsigned int life_us)
{
	int pidfd;

	party_sleep_us(party_random(life_us));
	for (;;) {
		pidfd = party_find(party, role);
		if (pidfd >= 0 || party_is_over(party))
			return pidfd;
		party_sleep_us(200 + party_random(2000));
	}
}

static void strike(struct party *party, struct fault *fault, unsigned int life_us)
{
	int victim = await_victim(party, fault->role, life_us);

	if (victim < 0)
		return;
	leftovers_note_bpf(party);
	if (ends[fault->end].stopped) {
		pidfd_send_signal(victim, SIGSTOP, NULL, 0);
		party_sleep_us(party_random(3000));
	}
	fault->sent = pidfd_send_signal(victim, ends[fault->end].signal, NULL, 0) == 0;
	close(victim);
}

__attribute__((format(printf, 2, 3))) static void find(struct fault *fault, const char *format, ...)
{
	size_t length = strlen(fault->found);
	va_list args;

	va_start(args, format);
	vsnprintf(fault->found + length, sizeof(fault->found) - length, format, args);
	va_end(args);
}

static void judge_end(const struct party *party, struct fault *fault)
{
	char said[512];

	party_read(party, "err", said, sizeof(said));
	if (fault->status == -1)
		find(fault, "the run hangs\n");
	else if (fault->role == ROLE_RUN && fault->sent)
		return; /* as it may, or by itself just before */
	else if (!WIFEXITED(fault->status) || WEXITSTATUS(fault->status) > 1)
		find(fault, "the run ends with status 0x%x: %s\n", fault->status, said);
	else if (fault->saves && fault->role != ROLE_SAVER && !party_has_session(party, "s.json"))
		find(fault, "no session is saved: %s\n", said);
}

static void judge_file(const struct party *party, struct fault *fault)
{
	if (party_has_file(party, "s.json") && !party_has_session(party, "s.json"))
		find(fault, "what is saved is no session\n");
	if (fault->overwrites && !party_has_file(party, "s.json"))
		find(fault, "the old session is gone, and there is no new one\n");
}

static void run_round(struct fault *fault, unsigned int life_us)
{
	static const char *const files[] = { "out", "err", "s.json", NULL };
	const char *arguments[16];
	struct party party;

	choose_arguments(fault, arguments);
	party_open(&party, fault->ordinary, fault->overwrites);
	party_start(&party, arguments);
	strike(&party, fault, life_us);
	fault->status = party_end(&party, 60);
	leftovers_find(&party, files, fault->found, sizeof(fault->found));
	judge_end(&party, fault);
	judge_file(&party, fault);
	party_close(&party);
}

/* How long a run takes that nobody ends. */
static unsigned int measure_life_us(void)
{
	uint64_t start_ns;
	struct fault fault = { .role = ROLE_RUN, .lives = true, .saves = true };
	const char *arguments[16];
	struct party party;

	choose_arguments(&fault, arguments);
	party_open(&party, false, false);
	start_ns = clock_now_ns();
	party_start(&party, arguments);
	tap_equal(party_end(&party, 60), 0, "a run that nobody ends ends well");
	party_close(&party);
	return (unsigned int)((clock_now_ns() - start_ns) / NS_PER_US);
}

static void test_role(enum role role, unsigned int rounds, unsigned int life_us)
{
	unsigned int sent = 0, clean = 0;

	for (unsigned int round = 0; round < rounds; round++) {
		struct fault fault = { .role = role, .end = party_random(3) };

		fault.ordinary = role != ROLE_SAVER && party_random(3) == 0;
		fault.saves = role == ROLE_SAVER || party_random(3);
		fault.overwrites = fault.saves && party_random(2);
		run_round(&fault, life_us);
		sent += fault.sent;
		/* Runs are shorter than the first one was: the next moments are earlier. */
		if (!fault.sent)
			life_us = life_us * 3 / 4 + 1;
		clean += !fault.found[0];
		if (fault.found[0])
			fprintf(stderr, "round %u, %s by %s%s%s%s:\n%s", round, roles[role],
				ends[fault.end].name, fault.ordinary ? ", nobody's" : "",
				fault.saves ? ", -o" : "", fault.overwrites ? " --force" : "",
				fault.found);
	}
	tap_equal(clean, rounds, "%s killed in %u of %u rounds: nothing is left", roles[role], sent,
		  rounds);
	/* Some end before their moment comes. */
	tap_ok(sent >= rounds / 5, "%s: enough were killed in time (%u of %u)", roles[role], sent,
	       rounds);
}

int main(void)
{
	unsigned int rounds = party_rounds(25);
	unsigned int life_us;

	party_prepare();
	printf("# FAULTS_SEED=%" PRIu64 "\n", party_seed());
	life_us = measure_life_us();
	test_role(ROLE_RUN, rounds, life_us);
	test_role(ROLE_ARENA, rounds, life_us / 2);
	test_role(ROLE_WORKER, rounds, life_us / 2);
	if (geteuid() == 0)
		test_role(ROLE_SAVER, rounds, life_us);
	else
		tap_skip("only root needs a process that saves");
	return tap_done();
}
